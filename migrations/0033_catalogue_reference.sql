-- Which treatments there are, what they need and who and what will do is kept by servers as hours are: the search for time
-- asks for it each time, and it hardly ever changes.
call reference_table('gabinet_treatments');
call reference_table('gabinet_treatment_needs');
call reference_table('gabinet_qualifications');
call reference_table('gabinet_equipment');
