CREATE TABLE `sweeps` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` text NOT NULL,
	`removed` text NOT NULL
);
--> statement-breakpoint
DROP INDEX `jobs_status`;--> statement-breakpoint
ALTER TABLE `jobs` ADD `idempotency_hash` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `file_gone_at` text;--> statement-breakpoint
CREATE INDEX `jobs_template_status` ON `jobs` (`template_id`,`status`);--> statement-breakpoint
CREATE INDEX `jobs_status` ON `jobs` (`status`,`team_id`);