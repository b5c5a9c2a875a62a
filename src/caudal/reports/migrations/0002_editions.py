
import django.db.models.deletion
from django.db import migrations, models

from caudal.kernel.appendonly import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0001_targets'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportEdition',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='edición')),
                ('since', models.DateField(verbose_name='desde')),
                ('until', models.DateField(verbose_name='hasta (sin incluir)')),
                ('content', models.JSONField(verbose_name='contenido')),
                ('content_sha256', models.CharField(max_length=64, verbose_name='huella del contenido')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='nota')),
                ('reason', models.CharField(blank=True, max_length=400, verbose_name='motivo de la corrección')),
                ('changes', models.JSONField(default=list, verbose_name='qué cambió')),
                ('published_at', models.DateTimeField(verbose_name='publicada')),
                ('published_by', models.CharField(max_length=150, verbose_name='quién la publicó')),
                ('previous_sha256', models.CharField(blank=True, max_length=64, verbose_name='sello de la anterior')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='sello')),
                ('public_key', models.CharField(max_length=64, verbose_name='llave pública')),
                ('signature', models.CharField(max_length=128, verbose_name='firma')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='reports.reportedition', verbose_name='sustituye a')),
            ],
        ),
        migrations.CreateModel(
            name='ReportPaper',
            fields=[
                ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word'), ('md', 'Markdown')], max_length=4, verbose_name='formato')),
                ('body', models.BinaryField(verbose_name='archivo')),
                ('sha256', models.CharField(max_length=64, verbose_name='huella')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='reports.reportedition')),
            ],
        ),
        migrations.AddConstraint(
            model_name='reportedition',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='reports_edition_days'),
        ),
        migrations.AddConstraint(
            model_name='reportedition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('previous_sha256', '')), models.Q(('number__gt', 1), models.Q(('previous_sha256', ''), _negated=True)), _connector='OR'), name='reports_edition_in_its_chain'),
        ),
        migrations.AddConstraint(
            model_name='reportedition',
            constraint=models.UniqueConstraint(fields=('previous_sha256',), name='reports_edition_one_chain'),
        ),
        migrations.AddConstraint(
            model_name='reportedition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('replaces__isnull', True)), models.Q(('replaces__isnull', False), ('replaces__lt', models.F('id')), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='reports_edition_corrects_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='reportpaper',
            constraint=models.UniqueConstraint(fields=('edition', 'form'), name='reports_paper_once'),
        ),
        AppendOnly('reports_reportedition'),
        AppendOnly('reports_reportpaper'),
    ]
