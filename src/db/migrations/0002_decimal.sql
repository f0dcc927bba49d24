PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_columns` (
	`id` text NOT NULL,
	`template_id` text NOT NULL,
	`position` integer NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`required` integer NOT NULL,
	`unique` integer NOT NULL,
	`key` integer NOT NULL,
	`aliases` text NOT NULL,
	`choices` text NOT NULL,
	`min` text,
	`max` text,
	`pattern` text,
	`date_order` text,
	`decimal` text,
	PRIMARY KEY(`template_id`, `id`),
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_columns`("id", "template_id", "position", "name", "type", "required", "unique", "key", "aliases", "choices", "min", "max", "pattern", "date_order", "decimal") SELECT "id", "template_id", "position", "name", "type", "required", "unique", "key", "aliases", "choices", "min", "max", "pattern", "date_order", "decimal" FROM `columns`;--> statement-breakpoint
DROP TABLE `columns`;--> statement-breakpoint
ALTER TABLE `__new_columns` RENAME TO `columns`;--> statement-breakpoint
PRAGMA foreign_keys=ON;