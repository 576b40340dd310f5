-- Written by the functions that take back, read by everybody, altered by nobody.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON earn_taken_back FROM mooring_app;
