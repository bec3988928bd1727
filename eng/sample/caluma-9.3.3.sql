-- A small sample of a Caluma 9.3.3 database: just the tables the checks look at, as Django 3.2 makes them, with the
-- 88 migrations of that release applied. Plain SQL (no psql commands), unqualified names (the tables go where the
-- search_path says), and safe to load again: it adds what is missing and changes nothing else. ./dev and the tests load it.

SET client_min_messages = warning;

-- The table behind `database migrations`.
CREATE TABLE IF NOT EXISTS django_migrations (
    id serial NOT NULL PRIMARY KEY,
    app varchar(255) NOT NULL,
    name varchar(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

INSERT INTO django_migrations (app, name, applied)
SELECT plan.app, plan.name, now()
FROM (VALUES
    (1, 'caluma_analytics', '0001_initial'),
    (2, 'caluma_analytics', '0002_analytics_pivot_table'),
    (3, 'caluma_analytics', '0003_starting_objects'),
    (4, 'caluma_analytics', '0004_simple_history'),
    (5, 'caluma_analytics', '0005_analytics_field_ordering'),
    (6, 'caluma_analytics', '0006_rename_form_slug_fields'),
    (7, 'caluma_form', '0001_initial'),
    (8, 'caluma_workflow', '0001_initial'),
    (9, 'caluma_workflow', '0002_auto_20181213_1334'),
    (10, 'caluma_workflow', '0003_auto_20181217_1051'),
    (11, 'caluma_workflow', '0004_auto_20181218_1352'),
    (12, 'caluma_workflow', '0005_auto_20181228_1243'),
    (13, 'caluma_workflow', '0006_auto_20190121_1440'),
    (14, 'caluma_form', '0002_auto_20181221_1517'),
    (15, 'caluma_form', '0003_auto_20190130_0920'),
    (16, 'caluma_workflow', '0007_auto_20190206_0854'),
    (17, 'caluma_workflow', '0008_auto_20190208_1302'),
    (18, 'caluma_workflow', '0009_auto_20190213_0939'),
    (19, 'caluma_workflow', '0010_auto_20190213_1050'),
    (20, 'caluma_workflow', '0011_auto_20190220_1303'),
    (21, 'caluma_form', '0004_auto_20190207_1405'),
    (22, 'caluma_form', '0005_auto_20190208_1016'),
    (23, 'caluma_form', '0006_choice_type_conversion'),
    (24, 'caluma_form', '0007_auto_20190208_1232'),
    (25, 'caluma_form', '0008_auto_20190319_1720'),
    (26, 'caluma_form', '0009_auto_20190321_1722'),
    (27, 'caluma_form', '0010_auto_20190404_0652'),
    (28, 'caluma_form', '0011_auto_20190411_0607'),
    (29, 'caluma_form', '0012_auto_20190416_1835'),
    (30, 'caluma_form', '0013_auto_20190418_0733'),
    (31, 'caluma_form', '0014_auto_20190429_0910'),
    (32, 'caluma_form', '0015_question_format_validators'),
    (33, 'caluma_form', '0016_auto_20190510_0843'),
    (34, 'caluma_form', '0017_auto_20190619_1320'),
    (35, 'caluma_form', '0018_remove_answer_value_document_data_migration'),
    (36, 'caluma_form', '0019_remove_answer_value_document'),
    (37, 'caluma_form', '0020_historicalanswer_historicalanswerdocument_historicaldocument_historicalfile_historicalform_historica'),
    (38, 'caluma_workflow', '0012_historicalcase_historicalflow_historicaltask_historicaltaskflow_historicalworkflow_historicalworkite'),
    (39, 'caluma_workflow', '0013_auto_20190718_1235'),
    (40, 'caluma_workflow', '0014_add_gin_index_to_jsonfields'),
    (41, 'caluma_workflow', '0015_add_work_item_skipped'),
    (42, 'caluma_workflow', '0016_auto_20200113_0727'),
    (43, 'caluma_workflow', '0017_auto_20200210_0929'),
    (44, 'caluma_workflow', '0018_auto_20200219_1359'),
    (45, 'caluma_workflow', '0019_slugfield_length'),
    (46, 'caluma_form', '0021_auto_20190708_0905'),
    (47, 'caluma_form', '0022_add_gin_index_to_jsonfields'),
    (48, 'caluma_form', '0023_auto_20190729_1448'),
    (49, 'caluma_form', '0024_auto_20190919_1244'),
    (50, 'caluma_form', '0025_dynamicoption_historicaldynamicoption'),
    (51, 'caluma_form', '0026_auto_20191031_0834'),
    (52, 'caluma_form', '0027_auto_20200113_0727'),
    (53, 'caluma_form', '0028_auto_20200210_0929'),
    (54, 'caluma_form', '0029_dynamic_option_unique_together'),
    (55, 'caluma_form', '0030_auto_20200219_1359'),
    (56, 'caluma_form', '0031_auto_20200220_0910'),
    (57, 'caluma_form', '0032_auto_20200220_1311'),
    (58, 'caluma_form', '0033_slugfield_length'),
    (59, 'caluma_form', '0034_fix_fk_lengths'),
    (60, 'caluma_form', '0035_historicalanswer_history_question_type'),
    (61, 'caluma_form', '0036_default_answers'),
    (62, 'caluma_form', '0037_default_answer_one2one'),
    (63, 'caluma_form', '0038_remove_table_answer_value'),
    (64, 'caluma_form', '0038_auto_20201224_0920'),
    (65, 'caluma_form', '0039_merge_20210114_0956'),
    (66, 'caluma_form', '0040_add_modified_by_user_group'),
    (67, 'caluma_form', '0041_action_button_question'),
    (68, 'caluma_form', '0042_auto_20220110_1051'),
    (69, 'caluma_form', '0043_alter_historicalanswer_history_question_type'),
    (70, 'caluma_form', '0044_migrate_format_validators'),
    (71, 'caluma_form', '0045_simple_history'),
    (72, 'caluma_form', '0046_file_answer_reverse_keys'),
    (73, 'caluma_logging', '0001_initial'),
    (74, 'caluma_workflow', '0020_case_families'),
    (75, 'caluma_workflow', '0021_work_item_controlling_groups'),
    (76, 'caluma_workflow', '0022_workitem_name_description'),
    (77, 'caluma_workflow', '0023_auto_20200730_1135'),
    (78, 'caluma_workflow', '0024_auto_20200901_1026'),
    (79, 'caluma_workflow', '0025_auto_20200901_1415'),
    (80, 'caluma_workflow', '0026_auto_20200901_1435'),
    (81, 'caluma_workflow', '0027_add_modified_by_user_group'),
    (82, 'caluma_workflow', '0028_redoable_field'),
    (83, 'caluma_workflow', '0029_task_continue_async'),
    (84, 'caluma_workflow', '0030_remove_choices_char_field'),
    (85, 'caluma_workflow', '0031_simple_history'),
    (86, 'contenttypes', '0001_initial'),
    (87, 'contenttypes', '0002_remove_content_type_name'),
    (88, 'localized_fields', '0001_initial')
) AS plan (position, app, name)
WHERE NOT EXISTS (
    SELECT FROM django_migrations AS applied WHERE applied.app = plan.app AND applied.name = plan.name
)
ORDER BY plan.position;

-- The table behind `database models`.
CREATE TABLE IF NOT EXISTS caluma_logging_accesslog (
    id serial NOT NULL PRIMARY KEY,
    "timestamp" timestamp with time zone NOT NULL,
    username varchar(100) NULL,
    query text NOT NULL,
    variables jsonb NULL,
    operation_name varchar(100) NULL,
    status_code integer NOT NULL CHECK (status_code >= 0),
    has_error boolean NOT NULL,
    operation varchar(20) NOT NULL,
    selection varchar(100) NULL
);
