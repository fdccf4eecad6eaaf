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
        ('kernel', '0001_initial'),
        ('publicity', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('number', models.CharField(max_length=32, null=True, unique=True, verbose_name='编号')),
                ('channel', models.CharField(choices=[('PORTAL', '本网站'), ('API', '接口'), ('T12315', '12315 热线'), ('T12345', '12345 热线工单'), ('P12315', '全国 12315 平台'), ('WINDOW', '受理窗口'), ('MAIL', '来信'), ('TRANSFER', '其他部门转来')], max_length=10)),
                ('source_system', models.CharField(blank=True, max_length=30)),
                ('source_no', models.CharField(blank=True, max_length=60)),
                ('source_received_on', models.DateField(null=True)),
                ('regime', models.CharField(choices=[('ORDER121', '总局令第 121 号'), ('ORDER20', '总局令第 20 号（已废止）')], default='ORDER121', max_length=10)),
                ('state', django_fsm.FSMField(choices=[('incomplete', '待补正登记'), ('hub_received', '登记待分送'), ('dispatched', '待受理决定'), ('accepted', '已受理，征求调解意见'), ('mediating', '调解中'), ('settled', '调解成功'), ('terminated', '终止调解'), ('rejected', '不予受理'), ('withdrawn', '已撤回'), ('transferred_out', '已移送其他单位'), ('closed', '办结')], default='hub_received', max_length=16, protected=True, verbose_name='状态')),
                ('district', models.CharField(blank=True, max_length=6)),
                ('title', models.CharField(max_length=60, verbose_name='事由')),
                ('facts_sealed', portal.kernel.crypto.SealedTextField(aad_key='public_id')),
                ('topic', models.CharField(blank=True, max_length=30)),
                ('problem', models.CharField(blank=True, max_length=8)),
                ('object_class', models.CharField(blank=True, max_length=12)),
                ('sale_mode', models.CharField(blank=True, max_length=16)),
                ('purchased_on', models.DateField(null=True)),
                ('paid_fen', models.BigIntegerField(null=True)),
                ('claims', models.JSONField(default=list)),
                ('claimed_fen', models.BigIntegerField(default=0)),
                ('agrees_to_disclosure', models.BooleanField(default=False)),
                ('agrees_to_delegation', models.BooleanField(default=False)),
                ('consent_text_version', models.CharField(blank=True, max_length=20)),
                ('submitted_at', models.DateTimeField()),
                ('hub_received_at', models.DateTimeField(null=True)),
                ('competent_received_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('lead_checked', models.BooleanField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=20)),
                ('recovered_fen', models.BigIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('fact', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publicity.casefact')),
                ('handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hub', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('shop', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publicity.shop')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('resume_index', models.CharField(max_length=64, unique=True)),
                ('resume_code', portal.kernel.crypto.SealedTextField()),
                ('phone_index', models.CharField(blank=True, db_index=True, max_length=64)),
                ('answers', portal.kernel.crypto.SealedTextField()),
                ('started_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('expires_on', models.DateField(db_index=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('case', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='complaints.case')),
            ],
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='complaints.case')),
                ('upload', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.upload')),
            ],
        ),
        migrations.CreateModel(
            name='FilingKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('body_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('caller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.case')),
            ],
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('dispatch', '分送'), ('return', '退回分送'), ('transfer_out', '移送其他单位')], max_length=14)),
                ('rule', models.CharField(blank=True, max_length=60)),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='complaints.case')),
                ('from_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('suggested_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', portal.kernel.crypto.SealedTextField()),
                ('phone', portal.kernel.crypto.SealedTextField()),
                ('address', portal.kernel.crypto.SealedTextField()),
                ('id_type', models.CharField(blank=True, max_length=20)),
                ('id_number', portal.kernel.crypto.SealedTextField(null=True)),
                ('phone_index', models.CharField(db_index=True, max_length=64)),
                ('name_index', models.CharField(db_index=True, max_length=64)),
                ('id_index', models.CharField(blank=True, db_index=True, max_length=64)),
                ('verification', models.CharField(choices=[('unverified', '未核验'), ('verified', '已核验')], default='unverified', max_length=12)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='consumer', to='complaints.case')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '投诉人',
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('rejection', '不予受理'), ('termination', '终止调解')], max_length=12)),
                ('state', models.CharField(choices=[('open', '待审核'), ('approved', '已批准'), ('returned', '已退回'), ('void', '已失效')], default='open', max_length=10)),
                ('ground', models.CharField(max_length=12)),
                ('reason_sealed', portal.kernel.crypto.SealedTextField(aad_key='public_id')),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('return_reason', models.CharField(blank=True, max_length=200)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='complaints.case')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('number', models.CharField(max_length=32, unique=True)),
                ('kind', models.CharField(choices=[('report', '举报'), ('lead', '投诉中发现的线索')], max_length=8)),
                ('state', django_fsm.FSMField(choices=[('verifying', '核查中'), ('filed', '已立案'), ('not_filed', '不予立案'), ('not_competent', '无权限，已告知')], default='verifying', max_length=14, protected=True)),
                ('district', models.CharField(max_length=6)),
                ('target_name', portal.kernel.crypto.SealedTextField(aad_key='public_id')),
                ('target_address', portal.kernel.crypto.SealedTextField(aad_key='public_id')),
                ('facts', portal.kernel.crypto.SealedTextField(aad_key='public_id')),
                ('reported_class', models.CharField(blank=True, max_length=30)),
                ('received_at', models.DateTimeField()),
                ('proposed', models.CharField(blank=True, choices=[('file', '立案'), ('decline', '不予立案'), ('hand_back', '无权限，告知举报人'), ('extend', '延长核查期限')], max_length=14)),
                ('ground', models.CharField(blank=True, max_length=20)),
                ('conditions', models.JSONField(default=list)),
                ('reason', portal.kernel.crypto.SealedTextField(aad_key='public_id', null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('receipt_index', models.CharField(max_length=64, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fact', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publicity.casefact')),
                ('handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shop', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publicity.shop')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='LeadLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('found_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.case')),
                ('found_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='found_in', to='complaints.report')),
            ],
        ),
        migrations.CreateModel(
            name='Reporter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', portal.kernel.crypto.SealedTextField(null=True)),
                ('phone', portal.kernel.crypto.SealedTextField(null=True)),
                ('address', portal.kernel.crypto.SealedTextField(null=True)),
                ('phone_index', models.CharField(blank=True, db_index=True, max_length=64)),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reporter', to='complaints.report')),
            ],
        ),
        migrations.CreateModel(
            name='ReportEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='complaints.report')),
                ('upload', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.upload')),
            ],
        ),
        migrations.CreateModel(
            name='Respondent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('address', models.CharField(max_length=200)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='respondent', to='complaints.case')),
            ],
        ),
        migrations.CreateModel(
            name='RoutingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(blank=True, max_length=6)),
                ('topic', models.CharField(blank=True, max_length=30)),
                ('reason', models.CharField(max_length=200)),
                ('article', models.CharField(max_length=60)),
                ('from_date', models.DateField()),
                ('until_date', models.DateField(null=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Supplement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', portal.kernel.crypto.SealedTextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplements', to='complaints.case')),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['unit', 'state'], name='complaints__unit_id_d44064_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['shop', 'state'], name='complaints__shop_id_21439e_idx'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('source_no', ''), _negated=True), fields=('source_system', 'source_no'), name='a_source_number_once'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('number__isnull', False), ('state__in', ['incomplete', 'transferred_out', 'withdrawn']), _connector='OR'), name='only_incomplete_cases_lack_a_number'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', False), ('state__in', ['accepted', 'mediating', 'settled', 'terminated', 'rejected'])), models.Q(('decided_at', None), ('state__in', ['incomplete', 'hub_received', 'dispatched'])), ('state__in', ['withdrawn', 'transferred_out', 'closed']), _connector='OR'), name='decided_out_of_dispatched'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['incomplete', 'hub_received', 'withdrawn', 'transferred_out']), models.Q(('competent_received_at__isnull', False), ('unit__isnull', False)), _connector='OR'), name='with_a_bureau_from_dispatch_on'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), ('lead_checked__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='closed_cases_are_complete'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('claimed_fen__gte', 0), ('recovered_fen__gte', 0)), name='no_negative_claim'),
        ),
        migrations.AddConstraint(
            model_name='filingkey',
            constraint=models.UniqueConstraint(fields=('caller', 'key'), name='one_case_per_filing_key'),
        ),
        migrations.AddConstraint(
            model_name='filingkey',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='a_filing_key_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='movement',
            constraint=models.CheckConstraint(condition=models.Q(('from_unit', models.F('to_unit')), _negated=True), name='a_movement_goes_somewhere'),
        ),
        migrations.AddIndex(
            model_name='party',
            index=models.Index(fields=['user'], name='complaints__user_id_8af9f2_idx'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('case',), name='one_open_proposal_per_case'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='reviewer_is_not_the_handler'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('state__in', ['open', 'void'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['approved', 'returned'])), _connector='OR'), name='decided_proposals_name_their_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'filed'), _negated=True), models.Q(('handler__isnull', False), ('second_officer__isnull', False), models.Q(('handler', models.F('second_officer')), _negated=True)), _connector='OR'), name='filing_takes_two_officers'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(models.Q(('approved_by', models.F('handler')), _negated=True), models.Q(('approved_by', models.F('proposed_by')), _negated=True), models.Q(('second_officer', None), models.Q(('approved_by', models.F('second_officer')), _negated=True), _connector='OR')), _connector='OR'), name='enforcement_reviewer_is_not_the_handler'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proposed', ''), ('proposed_by', None)), models.Q(models.Q(('proposed', ''), _negated=True), ('proposed_by__isnull', False)), _connector='OR'), name='a_proposed_end_names_who_proposed_it'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'verifying')), models.Q(models.Q(('state', 'verifying'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='verifying_reports_are_undecided'),
        ),
        migrations.AddConstraint(
            model_name='routingrule',
            constraint=models.UniqueConstraint(fields=('district', 'topic', 'from_date'), name='one_rule_per_place_topic_and_day'),
        ),
    ]
