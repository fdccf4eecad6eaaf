"""The tables as they began."""

import django.db.models.deletion
import portal.kernel.crypto
import portal.kernel.ids
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_event_id', models.BigIntegerField()),
                ('last_event_id', models.BigIntegerField(unique=True)),
                ('count', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=80, unique=True)),
                ('last', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('citizen', '消费者'), ('merchant', '经营者'), ('staff', '工作人员'), ('client', '接口用户')], max_length=10)),
                ('username', models.CharField(blank=True, max_length=60, null=True, unique=True, verbose_name='用户名')),
                ('display_name', models.CharField(blank=True, max_length=60, verbose_name='姓名')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='电子邮件')),
                ('phone_sealed', portal.kernel.crypto.SealedTextField(aad_key='public_id', blank=True, null=True)),
                ('phone_index', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['staff', 'client']), _negated=True), ('username__isnull', False), _connector='OR'), name='staff_and_clients_have_a_username'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['citizen', 'merchant']), _negated=True), ('phone_index__isnull', False), _connector='OR'), name='citizens_and_merchants_have_a_phone')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('args', models.JSONField(default=dict)),
                ('priority', models.PositiveSmallIntegerField()),
                ('key', models.CharField(blank=True, max_length=120)),
                ('owed_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at', None), ('given_up_at', None)), fields=['priority', 'due_at'], name='open_jobs')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_at', None), ('given_up_at', None), models.Q(('key', ''), _negated=True)), fields=('name', 'key'), name='one_open_job_per_key'), models.CheckConstraint(condition=models.Q(('done_at', None), ('given_up_at', None), _connector='OR'), name='a_job_is_done_or_given_up')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('subject_label', models.CharField(blank=True, max_length=60)),
                ('subject_pk', models.CharField(blank=True, max_length=40)),
                ('url_name', models.CharField(blank=True, max_length=80)),
                ('url_args', models.JSONField(default=list)),
                ('params', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('short_name', models.CharField(max_length=40, verbose_name='简称')),
                ('document_prefix', models.CharField(blank=True, max_length=20, verbose_name='文号前缀')),
                ('kind', models.CharField(choices=[('hub', '统一受理机构'), ('bureau', '市场监督管理局'), ('department', '其他部门'), ('association', '消费者协会'), ('mediation_body', '调解组织'), ('fund', '先行赔付机构'), ('scheme_office', '承诺店主管部门'), ('city', '市级机关')], max_length=20, verbose_name='类别')),
                ('district', models.CharField(blank=True, max_length=6, verbose_name='区')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='电话')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='地址')),
                ('is_active', models.BooleanField(default=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='kernel.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=24)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='kernel.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('subject_label', models.CharField(max_length=60)),
                ('subject_pk', models.CharField(max_length=40)),
                ('code', models.CharField(max_length=20, verbose_name='期限代码')),
                ('regime', models.CharField(max_length=20)),
                ('article', models.CharField(max_length=60, verbose_name='依据')),
                ('measure', models.CharField(choices=[('WD', '工作日'), ('CD', '自然日')], max_length=2)),
                ('length', models.PositiveSmallIntegerField()),
                ('extended_by', models.PositiveSmallIntegerField(default=0)),
                ('paused_days', models.PositiveSmallIntegerField(default=0)),
                ('started_on', models.DateField(verbose_name='起算日')),
                ('started_at', models.DateTimeField()),
                ('due_on', models.DateField(verbose_name='到期日')),
                ('provisional', models.BooleanField(default=False)),
                ('calendar_version', models.CharField(max_length=16)),
                ('paused_on', models.DateField(null=True)),
                ('met_on', models.DateField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('ended_as', models.CharField(blank=True, choices=[('returned', '退回分送'), ('void', '不再适用')], max_length=10)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='kernel.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='OutgoingMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('channel', models.CharField(choices=[('sms', '短信'), ('mail', '电子邮件')], max_length=4)),
                ('idempotency_key', models.CharField(max_length=120, unique=True)),
                ('address_sealed', portal.kernel.crypto.SealedTextField()),
                ('title', models.CharField(blank=True, max_length=120)),
                ('text_sealed', portal.kernel.crypto.SealedTextField()),
                ('state', models.CharField(choices=[('owed', '待发送'), ('sent', '已发送'), ('unknown', '结果未知'), ('failed', '发送失败')], default='owed', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('reference', models.CharField(blank=True, max_length=80)),
                ('created_at', models.DateTimeField(db_index=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('notice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='kernel.notice')),
            ],
        ),
        migrations.CreateModel(
            name='PhoneCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('phone_index', models.CharField(max_length=64)),
                ('purpose', models.CharField(max_length=40)),
                ('subject', models.CharField(blank=True, max_length=120)),
                ('code_hash', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('minute', models.BigIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['phone_index', '-created_at'], name='kernel_phon_phone_i_41b41a_idx')],
                'constraints': [models.UniqueConstraint(fields=('phone_index', 'purpose', 'minute'), name='one_phone_code_a_minute'), models.CheckConstraint(condition=models.Q(('tries__lte', 5)), name='five_tries_a_phone_code')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('owner_label', models.CharField(blank=True, max_length=60)),
                ('owner_pk', models.CharField(blank=True, max_length=40)),
                ('name_sealed', portal.kernel.crypto.SealedTextField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('jpeg', '照片（JPEG）'), ('png', '图片（PNG）'), ('webp', '图片（WebP）'), ('pdf', 'PDF 文件')], max_length=8, verbose_name='类型')),
                ('size', models.PositiveIntegerField(verbose_name='大小')),
                ('original_sha256', models.CharField(max_length=64)),
                ('clean_size', models.PositiveIntegerField(default=0)),
                ('clean_sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('unscanned', '未扫描'), ('clean', '已查毒，可用'), ('refused', '查出病毒，已隔离')], default='unscanned', max_length=10, verbose_name='状态')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('scanned_at', models.DateTimeField(blank=True, null=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('subject_label', models.CharField(max_length=60)),
                ('subject_pk', models.CharField(max_length=40)),
                ('number', models.CharField(blank=True, max_length=60, null=True, unique=True, verbose_name='文号')),
                ('verify_code', models.CharField(max_length=12, unique=True, verbose_name='验真码')),
                ('data_sealed', portal.kernel.crypto.SealedTextField()),
                ('data_sha256', models.CharField(max_length=64)),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('owed', '正在制作'), ('made', '有效'), ('revoked', '已撤销')], default='owed', max_length=8, verbose_name='状态')),
                ('seal_mark', models.CharField(choices=[('none', '未加盖电子印章'), ('demo', '演示用章')], default='none', max_length=8)),
                ('lacks_glyphs', models.BooleanField(default=False)),
                ('issued_at', models.DateTimeField(verbose_name='签发时间')),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='kernel.organisation')),
                ('pdf', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.upload')),
            ],
        ),
        migrations.CreateModel(
            name='WorkdayNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                ('revision', models.PositiveSmallIntegerField()),
                ('off', models.JSONField(verbose_name='放假日')),
                ('on', models.JSONField(verbose_name='调休上班日')),
                ('source', models.CharField(max_length=300, verbose_name='来源')),
                ('loaded_at', models.DateTimeField()),
                ('checked', models.PositiveIntegerField(default=0)),
                ('finished_at', models.DateTimeField(null=True)),
                ('loaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ClockChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_due_on', models.DateField()),
                ('new_due_on', models.DateField()),
                ('was_provisional', models.BooleanField()),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='kernel.clock')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='kernel.workdaynotice')),
            ],
        ),
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', portal.kernel.ids.PublicIdField(default=portal.kernel.ids.new_id, editable=False, max_length=20, unique=True)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=30)),
                ('subject_label', models.CharField(blank=True, max_length=60)),
                ('subject_pk', models.CharField(blank=True, max_length=40)),
                ('purpose', models.CharField(blank=True, max_length=40)),
                ('fields', models.JSONField(default=list)),
                ('was_refused', models.BooleanField(default=False)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_label', 'subject_pk', 'at'], name='kernel_acce_subject_ea4f4f_idx')],
            },
        ),
        migrations.CreateModel(
            name='ClockExtension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField()),
                ('granted_on', models.DateField()),
                ('reason', models.TextField(verbose_name='延长理由')),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='kernel.clock')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='an_extension_adds_days'), models.CheckConstraint(condition=models.Q(('requested_by', models.F('approved_by')), _negated=True), name='an_extension_has_two_people')],
            },
        ),
        migrations.CreateModel(
            name='ClockPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('appraisal', '鉴定、检测'), ('right_holder', '权利人辨认'), ('negotiation', '先行和解')], max_length=20)),
                ('from_on', models.DateField()),
                ('to_on', models.DateField(null=True)),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='kernel.clock')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('to_on', None), ('to_on__gt', models.F('from_on')), _connector='OR'), name='a_pause_has_a_length'), models.UniqueConstraint(condition=models.Q(('to_on', None)), fields=('clock',), name='one_open_pause_per_clock'), models.UniqueConstraint(fields=('clock', 'from_on'), name='one_pause_per_first_day')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('subject_label', models.CharField(max_length=60)),
                ('subject_pk', models.CharField(max_length=40)),
                ('seq', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('payload', models.JSONField(default=dict)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['name', 'at'], name='kernel_even_name_dc8504_idx')],
                'constraints': [models.UniqueConstraint(fields=('subject_label', 'subject_pk', 'seq'), name='one_event_per_place'), models.CheckConstraint(condition=models.Q(models.Q(('previous', ''), ('seq', 1)), models.Q(('seq__gt', 1), models.Q(('previous', ''), _negated=True)), _connector='OR'), name='only_the_first_event_has_no_previous')],
            },
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['user', '-created_at', '-id'], name='kernel_noti_user_id_080f8d_idx'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'organisation', 'role'), name='one_membership_per_role'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(fields=['subject_label', 'subject_pk'], name='clocks_of_a_subject'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('ended_as', ''), ('met_on', None)), fields=['unit', 'due_on'], name='open_clocks_by_due_day'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_as', ''), ('met_on', None)), fields=('subject_label', 'subject_pk', 'code'), name='one_open_clock_per_code'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('started_on'))), name='a_clock_is_due_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(('length__gte', 1)), name='a_clock_has_a_length'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(('met_on', None), ('ended_as', ''), _connector='OR'), name='a_clock_is_met_or_ended'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_as', ''), ('ended_on', None)), models.Q(('ended_on__gte', models.F('started_on')), ('ended_on__isnull', False), models.Q(('ended_as', ''), _negated=True)), _connector='OR'), name='a_clock_ends_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(('met_on', None), ('met_on__gte', models.F('started_on')), _connector='OR'), name='a_clock_is_met_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(('paused_on', None), models.Q(('ended_as', ''), ('met_on', None), ('paused_on__gte', models.F('started_on'))), _connector='OR'), name='only_an_open_clock_is_paused'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='a_sent_message_has_its_time'),
        ),
        migrations.AddIndex(
            model_name='upload',
            index=models.Index(fields=['owner_label', 'owner_pk'], name='kernel_uplo_owner_l_a51605_idx'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('owner_label', ''), ('owner_pk', '')), models.Q(models.Q(('owner_label', ''), _negated=True), models.Q(('owner_pk', ''), _negated=True)), _connector='OR'), name='an_upload_has_both_parts_of_its_owner'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['subject_label', 'subject_pk', 'kind'], name='kernel_docu_subject_bbd9c7_idx'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('made_at', None), ('pdf__isnull', True), ('pdf_sha256', '')), models.Q(('made_at__isnull', False), ('pdf__isnull', False), models.Q(('pdf_sha256', ''), _negated=True)), _connector='OR'), name='a_made_paper_has_its_pdf'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'made'), _negated=True), ('pdf__isnull', False), _connector='OR'), name='a_paper_in_force_was_made'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', False), ('state', 'revoked')), models.Q(models.Q(('state', 'revoked'), _negated=True), ('revoked_at', None)), _connector='OR'), name='a_revoked_paper_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='workdaynotice',
            constraint=models.UniqueConstraint(fields=('year', 'revision'), name='one_notice_per_revision'),
        ),
        migrations.AddConstraint(
            model_name='clockchange',
            constraint=models.UniqueConstraint(fields=('notice', 'clock'), name='one_change_per_notice_and_clock'),
        ),
        migrations.AddConstraint(
            model_name='clockchange',
            constraint=models.CheckConstraint(condition=models.Q(('old_due_on', models.F('new_due_on')), _negated=True), name='a_change_changes_the_day'),
        ),
    ]
