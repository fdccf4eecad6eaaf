"""The tables as they began."""

import django.db.models.deletion
import django_fsm
import portal.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('complaint', '投诉'), ('report', '举报')], max_length=10)),
                ('district', models.CharField(max_length=6)),
                ('problem', models.CharField(blank=True, max_length=8)),
                ('object_class', models.CharField(blank=True, max_length=12)),
                ('sale_mode', models.CharField(blank=True, max_length=16)),
                ('channel', models.CharField(max_length=12)),
                ('regime', models.CharField(max_length=10)),
                ('received_on', models.DateField()),
                ('competent_on', models.DateField(null=True)),
                ('decision_due_on', models.DateField(null=True)),
                ('decided_on', models.DateField(null=True)),
                ('was_accepted', models.BooleanField(null=True)),
                ('mediation_due_on', models.DateField(null=True)),
                ('closed_on', models.DateField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('settled', '调解成功'), ('not_agreed', '未达成一致'), ('merchant_refused', '商家拒绝或不参加调解'), ('consumer_refused', '消费者不参加调解'), ('self_settled', '自行和解'), ('withdrawn', '撤回'), ('rejected', '不予受理'), ('transferred', '移送其他单位'), ('other', '其他')], max_length=20)),
                ('recovered_fen', models.BigIntegerField(default=0)),
                ('agrees_to_disclosure', models.BooleanField(default=False)),
                ('became_enforcement', models.BooleanField(default=False)),
                ('bureau', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('state', django_fsm.FSMField(choices=[('first_review', '待初审'), ('second_review', '待复审'), ('published', '公示中'), ('not_disclosed', '不公示'), ('removed', '已撤下'), ('expired', '公示期满')], default='first_review', max_length=14, protected=True)),
                ('proposed_summary', models.TextField()),
                ('summary', models.TextField(blank=True)),
                ('outcome', models.CharField(max_length=20)),
                ('district', models.CharField(max_length=6)),
                ('problem', models.CharField(blank=True, max_length=8)),
                ('object_class', models.CharField(blank=True, max_length=12)),
                ('sale_mode', models.CharField(blank=True, max_length=16)),
                ('closed_on', models.DateField()),
                ('due_on', models.DateField()),
                ('first_at', models.DateTimeField(null=True)),
                ('second_at', models.DateTimeField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('expires_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveIntegerField(default=1)),
                ('fact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='disclosure', to='publicity.casefact')),
                ('first_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handler', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.organisation')),
            ],
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='LogLeaf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveBigIntegerField(unique=True)),
                ('kind', models.CharField(max_length=12)),
                ('salt', models.CharField(blank=True, max_length=64)),
                ('leaf_hash', models.CharField(max_length=64, unique=True)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('head', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField()),
                ('disclosure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='publicity.disclosure')),
            ],
        ),
        migrations.CreateModel(
            name='Shop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('state', models.CharField(choices=[('provisional', '待核实'), ('known', '已核实'), ('merged', '已并入')], default='provisional', max_length=12, verbose_name='状态')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('signboard', models.CharField(blank=True, max_length=120, verbose_name='招牌')),
                ('uscc', models.CharField(blank=True, max_length=18, verbose_name='统一社会信用代码')),
                ('district', models.CharField(max_length=6, verbose_name='区')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='经营地址')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='电话')),
                ('trade', models.CharField(blank=True, max_length=20, verbose_name='行业')),
                ('search_key', models.CharField(blank=True, db_index=True, max_length=300)),
                ('merged_on', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publicity.shop')),
            ],
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('scheme', models.CharField(max_length=12)),
                ('state', django_fsm.FSMField(choices=[('submitted', '待审核'), ('checked', '已初核，待批准'), ('active', '在期'), ('suspended', '暂停使用标识'), ('delisted', '已摘牌'), ('expired', '已到期'), ('refused', '未批准')], default='submitted', max_length=12, protected=True, verbose_name='状态')),
                ('serial', models.CharField(blank=True, max_length=20, verbose_name='牌号')),
                ('commitments', models.TextField(verbose_name='承诺内容')),
                ('applied_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('valid_from', models.DateField(null=True)),
                ('valid_until', models.DateField(null=True)),
                ('since', models.DateField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('was_fraud', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                ('version', models.PositiveIntegerField(default=1)),
                ('applied_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='publicity.shop')),
            ],
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='shop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='publicity.shop'),
        ),
        migrations.AddField(
            model_name='casefact',
            name='shop',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='publicity.shop'),
        ),
        migrations.CreateModel(
            name='ShopAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('search_key', models.CharField(db_index=True, max_length=300)),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='publicity.shop')),
            ],
        ),
        migrations.CreateModel(
            name='ShopContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('method', models.CharField(choices=[('letter', '寄码到登记地址'), ('licence', '营业执照由工作人员核对')], max_length=10)),
                ('verified_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='publicity.shop')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shop_contacts', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('month', models.DateField(verbose_name='月份')),
                ('edition', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', '待签发'), ('signed', '已发布'), ('superseded', '已被更正版代替')], default='draft', max_length=12)),
                ('tables', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'edition'), name='one_edition_once'), models.UniqueConstraint(condition=models.Q(('state', 'signed')), fields=('month',), name='one_signed_release_per_month'), models.CheckConstraint(condition=models.Q(('signed_by', None), models.Q(('signed_by', models.F('made_by')), _negated=True), _connector='OR'), name='maker_does_not_sign'), models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('signed_by', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='signed_means_signed')],
            },
        ),
        migrations.AddConstraint(
            model_name='shop',
            constraint=models.UniqueConstraint(condition=models.Q(('uscc', ''), _negated=True), fields=('uscc', 'signboard', 'address'), name='one_shop_per_door'),
        ),
        migrations.AddConstraint(
            model_name='shop',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('merged_on__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None), ('merged_on', None)), _connector='OR'), name='merged_shops_point_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['submitted', 'checked', 'active', 'suspended'])), fields=('shop', 'scheme'), name='one_live_pledge_per_scheme'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.UniqueConstraint(condition=models.Q(('serial', ''), _negated=True), fields=('serial',), name='a_plate_number_once'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('checked_by')), _negated=True), _connector='OR'), name='checker_is_not_approver'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'checked', 'refused']), models.Q(models.Q(('serial', ''), _negated=True), ('approved_by__isnull', False), ('checked_by__isnull', False), ('since__isnull', False), ('valid_from__isnull', False), ('valid_until__isnull', False)), _connector='OR'), name='listed_pledges_are_complete'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('state__in', ['delisted', 'expired'])), models.Q(models.Q(('state__in', ['delisted', 'expired']), _negated=True), ('ended_on', None)), _connector='OR'), name='ended_pledges_say_when'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['refused', 'suspended', 'delisted']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='taking_a_plate_away_needs_a_reason'),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['state', '-published_at', '-id'], name='publicity_d_state_238d1b_idx'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_by', None), models.Q(('first_by', models.F('handler')), _negated=True), _connector='OR'), models.Q(('second_by', None), models.Q(models.Q(('second_by', models.F('handler')), _negated=True), models.Q(('second_by', models.F('first_by')), _negated=True)), _connector='OR')), name='three_different_people_disclose'),
        ),
        migrations.AddConstraint(
            model_name='disclosure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'removed', 'expired']), _negated=True), models.Q(models.Q(('summary', ''), _negated=True), ('expires_on__isnull', False), ('first_by__isnull', False), ('published_at__isnull', False), ('second_by__isnull', False)), _connector='OR'), name='published_means_reviewed_twice'),
        ),
        migrations.AddIndex(
            model_name='casefact',
            index=models.Index(fields=['received_on', 'district'], name='publicity_c_receive_2d3bc5_idx'),
        ),
        migrations.AddIndex(
            model_name='casefact',
            index=models.Index(fields=['closed_on'], name='publicity_c_closed__a5f78d_idx'),
        ),
        migrations.AddConstraint(
            model_name='casefact',
            constraint=models.CheckConstraint(condition=models.Q(('recovered_fen__gte', 0)), name='no_negative_recovery'),
        ),
        migrations.AddConstraint(
            model_name='casefact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('outcome', '')), models.Q(('closed_on__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='closed_facts_have_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='casefact',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'complaint'), ('agrees_to_disclosure', False), _connector='OR'), name='reports_never_disclose'),
        ),
        migrations.AddConstraint(
            model_name='casefact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_on', None), ('was_accepted', None)), models.Q(('decided_on__isnull', False), ('was_accepted__isnull', False)), _connector='OR'), name='a_decision_says_accepted_or_not'),
        ),
        migrations.AddConstraint(
            model_name='shopalias',
            constraint=models.UniqueConstraint(fields=('shop', 'name'), name='an_alias_once'),
        ),
        migrations.AddConstraint(
            model_name='shopcontact',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('shop', 'user'), name='one_contact_row_per_shop'),
        ),
        migrations.AddConstraint(
            model_name='shopcontact',
            constraint=models.CheckConstraint(condition=models.Q(('user', models.F('verified_by')), _negated=True), name='nobody_verifies_themselves'),
        ),
    ]
