"""The tables as they began."""

import django.db.models.deletion
import django_fsm
import portal.kernel.crypto
import portal.kernel.ids
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('complaints', '0001_initial'),
        ('kernel', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SandboxTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('amount_fen', models.BigIntegerField()),
                ('reference', models.CharField(max_length=40, unique=True)),
                ('at', models.DateTimeField()),
                ('done_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('text_sealed', portal.kernel.crypto.SealedTextField(aad_key='public_id')),
                ('sha256', models.CharField(max_length=64)),
                ('amount_fen', models.BigIntegerField()),
                ('pay_by', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(null=True)),
                ('performed_on', models.DateField(null=True)),
                ('breached_on', models.DateField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.document')),
            ],
        ),
        migrations.CreateModel(
            name='Fund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('code', models.CharField(max_length=30, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('PUBLIC_FUND', '消费维权基金')], max_length=20)),
                ('floor_fen', models.BigIntegerField(default=0)),
                ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('number', models.CharField(max_length=32, unique=True, verbose_name='编号')),
                ('state', django_fsm.FSMField(choices=[('applied', '已申请'), ('frozen', '待决定'), ('decided', '付款中'), ('paid', '已赔付'), ('recourse', '追偿中'), ('recovered', '已追回'), ('refused', '未批准'), ('withdrawn', '已撤回')], default='applied', max_length=12, protected=True, verbose_name='状态')),
                ('amount_fen', models.BigIntegerField()),
                ('payee_sealed', portal.kernel.crypto.SealedTextField(aad_key='public_id')),
                ('applied_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('paid_at', models.DateTimeField(null=True)),
                ('recourse_due_on', models.DateField(null=True)),
                ('repaid_fen', models.BigIntegerField(default=0)),
                ('reason_sealed', portal.kernel.crypto.SealedTextField(aad_key='public_id', blank=True, null=True)),
                ('objection_sealed', portal.kernel.crypto.SealedTextField(aad_key='public_id', blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='mediation.agreement')),
                ('applied_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='mediation.fund')),
            ],
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('CASH', '可用资金'), ('RESERVED', '冻结资金'), ('DEPOSIT_LIABILITY', '应退保证金'), ('FUND_CAPITAL', '注入资金'), ('RECOURSE_RECEIVABLE', '应向商家追回'), ('PAYOUT_EXPENSE', '赔付支出'), ('RECOVERY_INCOME', '追回收入'), ('WRITE_OFF', '核销'), ('SUSPENSE', '待查来款')], max_length=20)),
                ('balance_fen', models.BigIntegerField(default=0)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='mediation.fund')),
            ],
        ),
        migrations.CreateModel(
            name='Mediation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('state', django_fsm.FSMField(choices=[('invited', '征求意见'), ('in_session', '调解进行'), ('appraisal', '鉴定检测中'), ('agreed', '达成协议'), ('performed', '已履行'), ('breached', '未履行'), ('ended', '终止')], default='invited', max_length=12, protected=True)),
                ('invited_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.case')),
                ('mediator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Lane',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('joint', '三方共谈'), ('caucus_consumer', '单独沟通：消费者'), ('caucus_merchant', '单独沟通：商家')], max_length=16)),
                ('last_seq', models.PositiveIntegerField(default=0)),
                ('mediation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lanes', to='mediation.mediation')),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('consumer', '消费者'), ('merchant', '商家'), ('mediator', '调解员')], max_length=10)),
                ('agrees', models.BooleanField()),
                ('way', models.CharField(choices=[('online', '网上'), ('phone', '电话，由调解员记录')], max_length=8)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mediation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='mediation.mediation')),
            ],
        ),
        migrations.CreateModel(
            name='Appraisal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(max_length=120)),
                ('item', models.CharField(max_length=200)),
                ('cost_note', models.CharField(max_length=200)),
                ('commission_reference', models.CharField(max_length=80)),
                ('commissioned_on', models.DateField()),
                ('report_reference', models.CharField(blank=True, max_length=80)),
                ('received_on', models.DateField(null=True)),
                ('commissioned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mediation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appraisals', to='mediation.mediation')),
            ],
        ),
        migrations.AddField(
            model_name='agreement',
            name='mediation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agreement', to='mediation.mediation'),
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seq', models.PositiveIntegerField()),
                ('side', models.CharField(blank=True, choices=[('consumer', '消费者'), ('merchant', '商家'), ('mediator', '调解员')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=40)),
                ('text', portal.kernel.crypto.SealedTextField()),
                ('key', models.CharField(blank=True, max_length=40)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lane', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='mediation.lane')),
            ],
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('side', models.CharField(choices=[('consumer', '消费者'), ('merchant', '商家'), ('mediator', '调解员')], max_length=10)),
                ('amount_fen', models.BigIntegerField()),
                ('terms_sealed', portal.kernel.crypto.SealedTextField(aad_key='public_id')),
                ('pay_by', models.DateField()),
                ('answer_by', models.DateField()),
                ('state', models.CharField(choices=[('open', '等对方答复'), ('accepted', '已接受'), ('countered', '对方提出新方案'), ('declined', '未接受'), ('withdrawn', '已撤回'), ('expired', '已过期')], default='open', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('counters', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mediation.offer')),
                ('mediation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='mediation.mediation')),
            ],
        ),
        migrations.AddField(
            model_name='agreement',
            name='offer',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mediation.offer'),
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('amount_fen', models.BigIntegerField()),
                ('state', models.CharField(choices=[('owed', '待发送'), ('unknown', '银行处理中'), ('done', '已到账'), ('returned', '银行退回')], default='owed', max_length=10)),
                ('bank_reference', models.CharField(blank=True, max_length=40)),
                ('ordered_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='mediation.claim')),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('seq', models.PositiveBigIntegerField()),
                ('kind', models.CharField(choices=[('endowment', '注资'), ('freeze', '冻结'), ('release', '解冻'), ('payout', '赔付'), ('bank_return', '银行退回'), ('repayment', '商家归还'), ('set_aside', '归还款暂挂'), ('set_off', '暂挂款抵还')], max_length=12)),
                ('amount_fen', models.BigIntegerField()),
                ('document_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='mediation.claim')),
                ('counters', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='countered_by', to='mediation.entry')),
                ('credit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='mediation.account')),
                ('debit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debits', to='mediation.account')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='mediation.fund')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='mediation.payment')),
            ],
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('consumer', '消费者'), ('merchant', '商家'), ('mediator', '调解员')], max_length=10)),
                ('method', models.CharField(default='phone_code', max_length=12)),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='mediation.agreement')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('endowment', '注资'), ('repayment', '商家归还')], max_length=12)),
                ('amount_fen', models.BigIntegerField()),
                ('reference', models.CharField(max_length=40, verbose_name='银行流水号')),
                ('made_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('voided_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='mediation.claim')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='mediation.fund')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('maker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='mediation.claim')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('claim', 'by'), name='one_approval_per_person'), models.CheckConstraint(condition=models.Q(('by', models.F('maker')), _negated=True), name='nobody_approves_their_own_check')],
            },
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['refused', 'withdrawn']), _negated=True), fields=('agreement',), name='one_live_claim_per_agreement'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='a_claim_asks_for_something'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('checked_by')), _negated=True), _connector='OR'), name='claim_maker_is_not_approver'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['applied', 'refused', 'withdrawn']), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='frozen_claims_were_checked'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['decided', 'paid', 'recourse', 'recovered']), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='claims_to_pay_were_decided'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', False), ('state__in', ['paid', 'recourse', 'recovered'])), models.Q(models.Q(('state__in', ['paid', 'recourse', 'recovered']), _negated=True), ('paid_at', None)), _connector='OR'), name='only_paid_claims_have_a_time_of_payment'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('repaid_fen__gte', 0), ('repaid_fen__lte', models.F('amount_fen'))), name='not_repaid_more_than_paid'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'recovered'), _negated=True), ('repaid_fen', models.F('amount_fen')), _connector='OR'), name='recovered_claims_are_repaid'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('fund', 'kind'), name='one_account_of_each_kind'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('balance_fen__gte', 0)), name='no_account_below_zero'),
        ),
        migrations.AddConstraint(
            model_name='lane',
            constraint=models.UniqueConstraint(fields=('mediation', 'kind'), name='one_lane_of_each_kind'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(fields=('mediation', 'side'), name='one_answer_per_side'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['consumer', 'merchant'])), name='only_parties_consent'),
        ),
        migrations.AddConstraint(
            model_name='appraisal',
            constraint=models.UniqueConstraint(condition=models.Q(('received_on', None)), fields=('mediation',), name='one_open_appraisal'),
        ),
        migrations.AddConstraint(
            model_name='appraisal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('received_by', None), ('received_on', None), ('report_reference', '')), models.Q(('received_by__isnull', False), ('received_on__isnull', False), models.Q(('report_reference', ''), _negated=True)), _connector='OR'), name='a_received_report_has_its_evidence'),
        ),
        migrations.AddConstraint(
            model_name='appraisal',
            constraint=models.CheckConstraint(condition=models.Q(('received_on', None), ('received_on__gte', models.F('commissioned_on')), _connector='OR'), name='a_report_comes_after_its_commission'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('lane', 'seq'), name='one_message_per_place'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('lane', 'by', 'key'), name='a_sent_message_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('mediation',), name='one_open_offer'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'accepted')), fields=('mediation',), name='one_accepted_offer'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='an_offer_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='answered_offers_have_a_time'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='an_agreement_is_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('performed_on', None), ('breached_on', None), ('performed_on__gte', models.F('breached_on')), _connector='OR'), name='performed_or_breached'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['owed', 'unknown', 'done'])), fields=('claim',), name='one_live_payment_per_claim'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='a_payment_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state__in', ['owed', 'unknown'])), models.Q(('settled_at__isnull', False), ('state__in', ['done', 'returned'])), _connector='OR'), name='settled_payments_have_a_time'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('fund', 'seq'), name='entries_without_gaps'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), models.Q(('debit', models.F('credit')), _negated=True)), name='an_entry_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('made_by')), _negated=True), _connector='OR'), name='maker_is_not_approver'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['freeze', 'release']), ('approved_by__isnull', False), _connector='OR'), name='money_moves_only_with_an_approver'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim', None), ('kind', 'endowment')), models.Q(models.Q(('kind', 'endowment'), _negated=True), ('claim__isnull', False)), _connector='OR'), name='all_but_endowments_name_their_claim'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['payout', 'bank_return']), ('payment__isnull', False)), models.Q(models.Q(('kind__in', ['payout', 'bank_return']), _negated=True), ('payment', None)), _connector='OR'), name='payouts_and_returns_name_their_payment'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('counters__isnull', False), ('kind', 'bank_return')), models.Q(models.Q(('kind', 'bank_return'), _negated=True), ('counters', None)), _connector='OR'), name='only_a_return_counters'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'payout')), fields=('payment',), name='a_payment_is_booked_once'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('agreement', 'side'), name='one_signature_per_side'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['consumer', 'merchant'])), name='only_parties_sign'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_by', None)), fields=('fund', 'reference'), name='a_bank_line_once'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='a_voucher_is_worth_something'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('made_by')), _negated=True), _connector='OR'), name='voucher_maker_is_not_approver'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), ('voided_by', None), _connector='OR'), name='a_voucher_is_booked_or_voided'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('kind', 'repayment')), models.Q(('claim', None), ('kind', 'endowment')), _connector='OR'), name='repayments_name_their_claim'),
        ),
    ]
