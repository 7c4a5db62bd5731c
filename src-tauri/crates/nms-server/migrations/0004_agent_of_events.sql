-- What the program called itself that made a call of which an event tells; of counted calls, the last.
ALTER TABLE events ADD COLUMN agent TEXT;
