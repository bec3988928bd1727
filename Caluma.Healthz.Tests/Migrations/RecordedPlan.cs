namespace Caluma.Healthz.Tests.Migrations;

internal static class RecordedPlan
{
    /// <summary>The output of <c>manage.py showmigrations --plan</c> of a real Caluma 9.3.3 with four unapplied migrations.</summary>
    public const string Behind =
        """
        [X]  caluma_analytics.0001_initial
        [X]  caluma_analytics.0002_analytics_pivot_table
        [X]  caluma_analytics.0003_starting_objects
        [X]  caluma_analytics.0004_simple_history
        [X]  caluma_analytics.0005_analytics_field_ordering
        [X]  caluma_analytics.0006_rename_form_slug_fields
        [X]  caluma_form.0001_initial
        [X]  caluma_workflow.0001_initial
        [X]  caluma_workflow.0002_auto_20181213_1334
        [X]  caluma_workflow.0003_auto_20181217_1051
        [X]  caluma_workflow.0004_auto_20181218_1352
        [X]  caluma_workflow.0005_auto_20181228_1243
        [X]  caluma_workflow.0006_auto_20190121_1440
        [X]  caluma_form.0002_auto_20181221_1517
        [X]  caluma_form.0003_auto_20190130_0920
        [X]  caluma_workflow.0007_auto_20190206_0854
        [X]  caluma_workflow.0008_auto_20190208_1302
        [X]  caluma_workflow.0009_auto_20190213_0939
        [X]  caluma_workflow.0010_auto_20190213_1050
        [X]  caluma_workflow.0011_auto_20190220_1303
        [X]  caluma_form.0004_auto_20190207_1405
        [X]  caluma_form.0005_auto_20190208_1016
        [X]  caluma_form.0006_choice_type_conversion
        [X]  caluma_form.0007_auto_20190208_1232
        [X]  caluma_form.0008_auto_20190319_1720
        [X]  caluma_form.0009_auto_20190321_1722
        [X]  caluma_form.0010_auto_20190404_0652
        [X]  caluma_form.0011_auto_20190411_0607
        [X]  caluma_form.0012_auto_20190416_1835
        [X]  caluma_form.0013_auto_20190418_0733
        [X]  caluma_form.0014_auto_20190429_0910
        [X]  caluma_form.0015_question_format_validators
        [X]  caluma_form.0016_auto_20190510_0843
        [X]  caluma_form.0017_auto_20190619_1320
        [X]  caluma_form.0018_remove_answer_value_document_data_migration
        [X]  caluma_form.0019_remove_answer_value_document
        [X]  caluma_form.0020_historicalanswer_historicalanswerdocument_historicaldocument_historicalfile_historicalform_historica
        [X]  caluma_workflow.0012_historicalcase_historicalflow_historicaltask_historicaltaskflow_historicalworkflow_historicalworkite
        [X]  caluma_workflow.0013_auto_20190718_1235
        [X]  caluma_workflow.0014_add_gin_index_to_jsonfields
        [X]  caluma_workflow.0015_add_work_item_skipped
        [X]  caluma_workflow.0016_auto_20200113_0727
        [X]  caluma_workflow.0017_auto_20200210_0929
        [X]  caluma_workflow.0018_auto_20200219_1359
        [X]  caluma_workflow.0019_slugfield_length
        [X]  caluma_form.0021_auto_20190708_0905
        [X]  caluma_form.0022_add_gin_index_to_jsonfields
        [X]  caluma_form.0023_auto_20190729_1448
        [X]  caluma_form.0024_auto_20190919_1244
        [X]  caluma_form.0025_dynamicoption_historicaldynamicoption
        [X]  caluma_form.0026_auto_20191031_0834
        [X]  caluma_form.0027_auto_20200113_0727
        [X]  caluma_form.0028_auto_20200210_0929
        [X]  caluma_form.0029_dynamic_option_unique_together
        [X]  caluma_form.0030_auto_20200219_1359
        [X]  caluma_form.0031_auto_20200220_0910
        [X]  caluma_form.0032_auto_20200220_1311
        [X]  caluma_form.0033_slugfield_length
        [X]  caluma_form.0034_fix_fk_lengths
        [X]  caluma_form.0035_historicalanswer_history_question_type
        [X]  caluma_form.0036_default_answers
        [X]  caluma_form.0037_default_answer_one2one
        [X]  caluma_form.0038_remove_table_answer_value
        [X]  caluma_form.0038_auto_20201224_0920
        [X]  caluma_form.0039_merge_20210114_0956
        [X]  caluma_form.0040_add_modified_by_user_group
        [X]  caluma_form.0041_action_button_question
        [X]  caluma_form.0042_auto_20220110_1051
        [X]  caluma_form.0043_alter_historicalanswer_history_question_type
        [ ]  caluma_form.0044_migrate_format_validators
        [ ]  caluma_form.0045_simple_history
        [ ]  caluma_form.0046_file_answer_reverse_keys
        [X]  caluma_logging.0001_initial
        [X]  caluma_workflow.0020_case_families
        [X]  caluma_workflow.0021_work_item_controlling_groups
        [X]  caluma_workflow.0022_workitem_name_description
        [X]  caluma_workflow.0023_auto_20200730_1135
        [X]  caluma_workflow.0024_auto_20200901_1026
        [X]  caluma_workflow.0025_auto_20200901_1415
        [X]  caluma_workflow.0026_auto_20200901_1435
        [X]  caluma_workflow.0027_add_modified_by_user_group
        [X]  caluma_workflow.0028_redoable_field
        [X]  caluma_workflow.0029_task_continue_async
        [X]  caluma_workflow.0030_remove_choices_char_field
        [X]  caluma_workflow.0031_simple_history
        [X]  contenttypes.0001_initial
        [ ]  contenttypes.0002_remove_content_type_name
        [X]  localized_fields.0001_initial

        """;
}
