ALTER TABLE timeline COMMENT COLUMN kind 'declaration, cancellation, scan, verdict, override, dose, test, order, flag or case'
