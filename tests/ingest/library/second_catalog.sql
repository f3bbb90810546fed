BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE carriers (
	version_id INTEGER NOT NULL, 
	uri VARCHAR NOT NULL, 
	PRIMARY KEY (version_id, uri), 
	FOREIGN KEY(version_id) REFERENCES versions (id)
);
INSERT INTO "carriers" VALUES(1,'file:///library/copper.md');
INSERT INTO "carriers" VALUES(6,'file:///library/copper.md');
INSERT INTO "carriers" VALUES(3,'file:///library/metals/copy-of-tin.txt');
INSERT INTO "carriers" VALUES(4,'file:///library/metals/wheat-renamed.md');
INSERT INTO "carriers" VALUES(3,'file:///library/tin.txt');
INSERT INTO "carriers" VALUES(5,'file:///library/zinc.md');
INSERT INTO "carriers" VALUES(7,'file:///library/zinc.md');
INSERT INTO "carriers" VALUES(2,'unknown');
CREATE TABLE events (
	id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	kind VARCHAR NOT NULL,
	report_id VARCHAR NOT NULL,
	version_id INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(report_id) REFERENCES reports (id),
	FOREIGN KEY(version_id) REFERENCES versions (id)
);
INSERT INTO "events" VALUES(1,'2026-03-01 09:00:00.000000','added','7d84e12f6f242978',1);
INSERT INTO "events" VALUES(2,'2026-03-02 09:00:00.000000','added','9d6c48a915867987',2);
INSERT INTO "events" VALUES(3,'2026-03-03 09:00:00.000000','added','37dd2597a7f28b5e',3);
INSERT INTO "events" VALUES(4,'2026-03-04 09:00:00.000000','added','4c4ffc0e7638ef58',4);
INSERT INTO "events" VALUES(5,'2026-03-05 09:00:00.000000','added','0d57f7033bb06a32',5);
INSERT INTO "events" VALUES(6,'2026-03-06 09:00:00.000000','revised','7d84e12f6f242978',6);
INSERT INTO "events" VALUES(7,'2026-03-07 09:00:00.000000','dropped','9d6c48a915867987',2);
INSERT INTO "events" VALUES(8,'2026-03-08 09:00:00.000000','dropped','0d57f7033bb06a32',5);
INSERT INTO "events" VALUES(9,'2026-03-10 09:00:00.000000','restored','0d57f7033bb06a32',7);
CREATE TABLE facts (
	"key" VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY ("key")
);
INSERT INTO "facts" VALUES('library','c9211ce5507a4818ab2f2f9a0008ad2f');
CREATE TABLE failures (
	uri VARCHAR NOT NULL,
	name TEXT NOT NULL,
	reason TEXT NOT NULL,
	at DATETIME NOT NULL, seen VARCHAR,
	PRIMARY KEY (uri)
);
INSERT INTO "failures" VALUES('file:///library/empty.txt','empty.txt','empty.txt is empty; copy it again from where it came','2026-03-09 09:00:00.000000',NULL);
INSERT INTO "failures" VALUES('file:///library/bad.txt','bad.txt','bad.txt is empty','2026-03-10 10:00:00.000000','0 1 1');
CREATE TABLE indexes (
	id INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	model VARCHAR, 
	embedder VARCHAR NOT NULL, 
	dimension INTEGER NOT NULL, 
	distance VARCHAR NOT NULL, 
	chunking VARCHAR NOT NULL, 
	collection VARCHAR NOT NULL, 
	words VARCHAR NOT NULL, 
	slots INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	retired_at DATETIME, 
	PRIMARY KEY (id)
);
INSERT INTO "indexes" VALUES(1,'live',NULL,'words',64,'cosine','paragraphs-1','footnote-c9211ce5507a4818ab2f2f9a0008ad2f','words',8,'2026-03-01 09:00:00.000000',NULL);
CREATE TABLE origins (
	uri VARCHAR NOT NULL, 
	report_id VARCHAR NOT NULL, 
	name TEXT NOT NULL, 
	shelf TEXT NOT NULL, 
	version_id INTEGER NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	seen VARCHAR, 
	gone_at DATETIME, 
	PRIMARY KEY (uri, report_id), 
	FOREIGN KEY(report_id) REFERENCES reports (id), 
	FOREIGN KEY(version_id) REFERENCES versions (id)
);
INSERT INTO "origins" VALUES('file:///library/copper.md','7d84e12f6f242978','copper.md','general',6,'f7e6479ccbb1bc22d662ffc3933058f06f596e5f75761ec0fbd13d1ac6c0c79d','62 1 1',NULL);
INSERT INTO "origins" VALUES('file:///library/tin.txt','37dd2597a7f28b5e','tin.txt','general',3,'53e69deac97540d603439e761d103b6bc396327359d469addb2100017ec9c8af',NULL,NULL);
INSERT INTO "origins" VALUES('file:///library/metals/copy-of-tin.txt','37dd2597a7f28b5e','metals/copy-of-tin.txt','metals',3,'53e69deac97540d603439e761d103b6bc396327359d469addb2100017ec9c8af',NULL,NULL);
INSERT INTO "origins" VALUES('file:///library/metals/wheat-renamed.md','4c4ffc0e7638ef58','metals/wheat-renamed.md','metals',4,'f90b51de155c8c65c38f7ff217ad7a652a03bee19a21b1c51b93225e29f9dbdf',NULL,NULL);
INSERT INTO "origins" VALUES('file:///library/zinc.md','0d57f7033bb06a32','zinc.md','general',7,'d86e465373c03b7b4b7debb097e5a5d50ab148b6ff92cd38d7e8a336dc888a37',NULL,NULL);
INSERT INTO "origins" VALUES('unknown','9d6c48a915867987','gold.txt','',2,'992c61a4f013712ff78f8df95653d3dfa0d5c27c6666767729f9eb0d26f87981',NULL,'2026-03-07 09:00:00.000000');
CREATE TABLE passages (
	id VARCHAR NOT NULL,
	report_id VARCHAR NOT NULL,
	header TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(report_id) REFERENCES reports (id)
);
INSERT INTO "passages" VALUES('ebc9fd58e54b5e8109def90c6fe896e6','7d84e12f6f242978','Copper in a hurry · Heron Research · 2024-02-08','Copper in a hurry

Copper cost 8,000 dollars.');
INSERT INTO "passages" VALUES('878a72f2b123ad0538769a97a50febaf','7d84e12f6f242978','Copper in a hurry · Heron Research · 2024-02-08','Chips are scarce.');
INSERT INTO "passages" VALUES('ddb11db29a52db879a3e8f6eb1d90cbf','9d6c48a915867987','gold.txt','Gold is gone.');
INSERT INTO "passages" VALUES('09f995ca61e53a9690e6af3d509f86fa','37dd2597a7f28b5e','tin.txt','Tin is bright.');
INSERT INTO "passages" VALUES('1e30ad3fdda9613a67651527948a7be5','4c4ffc0e7638ef58','Wheat is dull · 2023-03-01','Wheat is dull

Published 1 March 2023');
INSERT INTO "passages" VALUES('0de27fc72a45d2367d8aabb1c6bb0ca4','4c4ffc0e7638ef58','Wheat is dull · 2023-03-01','Wheat cost 200 dollars.');
INSERT INTO "passages" VALUES('c12fc9b02144264cd458e05508e0964e','0d57f7033bb06a32','Zinc is back','Zinc is back

Zinc cost 2,000 dollars.');
INSERT INTO "passages" VALUES('7dfcc283a26c87dab15a23a0387fcd18','7d84e12f6f242978','Copper in a hurry · Heron Research · 2024-02-08','Copper in a hurry

Copper cost 9,000 dollars.');
CREATE TABLE placements (
	index_id INTEGER NOT NULL, 
	version_id INTEGER NOT NULL, 
	ordinal INTEGER NOT NULL, 
	passage_id VARCHAR NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	page INTEGER, 
	paragraph INTEGER NOT NULL, 
	PRIMARY KEY (index_id, version_id, ordinal), 
	FOREIGN KEY(index_id) REFERENCES indexes (id), 
	FOREIGN KEY(version_id) REFERENCES versions (id), 
	FOREIGN KEY(passage_id) REFERENCES passages (id)
);
INSERT INTO "placements" VALUES(1,1,0,'ebc9fd58e54b5e8109def90c6fe896e6',0,45,NULL,2);
INSERT INTO "placements" VALUES(1,1,1,'878a72f2b123ad0538769a97a50febaf',47,64,NULL,3);
INSERT INTO "placements" VALUES(1,2,0,'ddb11db29a52db879a3e8f6eb1d90cbf',0,13,NULL,1);
INSERT INTO "placements" VALUES(1,3,0,'09f995ca61e53a9690e6af3d509f86fa',0,14,NULL,1);
INSERT INTO "placements" VALUES(1,4,0,'1e30ad3fdda9613a67651527948a7be5',0,37,NULL,2);
INSERT INTO "placements" VALUES(1,4,1,'0de27fc72a45d2367d8aabb1c6bb0ca4',39,62,NULL,3);
INSERT INTO "placements" VALUES(1,6,0,'7dfcc283a26c87dab15a23a0387fcd18',0,45,NULL,2);
INSERT INTO "placements" VALUES(1,6,1,'878a72f2b123ad0538769a97a50febaf',47,64,NULL,3);
INSERT INTO "placements" VALUES(1,7,0,'c12fc9b02144264cd458e05508e0964e',0,38,NULL,2);
CREATE TABLE reports (
	id VARCHAR NOT NULL,
	added_at DATETIME NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "reports" VALUES('7d84e12f6f242978','2026-03-01 09:00:00.000000');
INSERT INTO "reports" VALUES('9d6c48a915867987','2026-03-02 09:00:00.000000');
INSERT INTO "reports" VALUES('37dd2597a7f28b5e','2026-03-03 09:00:00.000000');
INSERT INTO "reports" VALUES('4c4ffc0e7638ef58','2026-03-04 09:00:00.000000');
INSERT INTO "reports" VALUES('0d57f7033bb06a32','2026-03-05 09:00:00.000000');
CREATE TABLE runs (
	id INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	request TEXT NOT NULL,
	queued_at DATETIME NOT NULL,
	ended_at DATETIME,
	done INTEGER NOT NULL,
	total INTEGER NOT NULL,
	current TEXT NOT NULL,
	result TEXT,
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'queued','{"paths": ["/library/gold.txt"], "prune": false, "force": false, "drop": true}','2026-03-11 09:00:00.000000',NULL,0,0,'',NULL);
CREATE TABLE versions (
	id INTEGER NOT NULL,
	report_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	content_hash VARCHAR NOT NULL,
	title TEXT NOT NULL,
	publisher TEXT,
	published DATE,
	language VARCHAR,
	pages INTEGER,
	live_from DATETIME NOT NULL,
	live_until DATETIME, text_hash VARCHAR, swept_at DATETIME,
	PRIMARY KEY (id),
	FOREIGN KEY(report_id) REFERENCES reports (id)
);
INSERT INTO "versions" VALUES(1,'7d84e12f6f242978',1,'536ac8371539f06e6a81cf1a727c33797e62e27f3ace0df06ad7e96d1919eadd','Copper in a hurry','Heron Research','2024-02-08',NULL,NULL,'2026-03-01 09:00:00.000000','2026-03-06 09:00:00.000000',NULL,NULL);
INSERT INTO "versions" VALUES(2,'9d6c48a915867987',1,'992c61a4f013712ff78f8df95653d3dfa0d5c27c6666767729f9eb0d26f87981','gold.txt',NULL,NULL,NULL,NULL,'2026-03-02 09:00:00.000000','2026-03-07 09:00:00.000000',NULL,NULL);
INSERT INTO "versions" VALUES(3,'37dd2597a7f28b5e',1,'53e69deac97540d603439e761d103b6bc396327359d469addb2100017ec9c8af','tin.txt',NULL,NULL,NULL,NULL,'2026-03-03 09:00:00.000000',NULL,NULL,NULL);
INSERT INTO "versions" VALUES(4,'4c4ffc0e7638ef58',1,'f90b51de155c8c65c38f7ff217ad7a652a03bee19a21b1c51b93225e29f9dbdf','Wheat is dull',NULL,'2023-03-01',NULL,NULL,'2026-03-04 09:00:00.000000',NULL,NULL,NULL);
INSERT INTO "versions" VALUES(5,'0d57f7033bb06a32',1,'d86e465373c03b7b4b7debb097e5a5d50ab148b6ff92cd38d7e8a336dc888a37','Zinc is back',NULL,NULL,NULL,NULL,'2026-03-05 09:00:00.000000','2026-03-08 09:00:00.000000',NULL,'2026-03-12 09:00:00.000000');
INSERT INTO "versions" VALUES(6,'7d84e12f6f242978',2,'f7e6479ccbb1bc22d662ffc3933058f06f596e5f75761ec0fbd13d1ac6c0c79d','Copper in a hurry','Heron Research','2024-02-08',NULL,NULL,'2026-03-06 09:00:00.000000',NULL,NULL,NULL);
INSERT INTO "versions" VALUES(7,'0d57f7033bb06a32',2,'d86e465373c03b7b4b7debb097e5a5d50ab148b6ff92cd38d7e8a336dc888a37','Zinc is back',NULL,NULL,NULL,NULL,'2026-03-10 09:00:00.000000',NULL,NULL,NULL);
CREATE INDEX ix_runs_state ON runs (state);
CREATE INDEX ix_versions_report_id ON versions (report_id);
CREATE INDEX ix_versions_content_hash ON versions (content_hash);
CREATE UNIQUE INDEX one_live_version ON versions (report_id) WHERE live_until IS NULL;
CREATE INDEX ix_passages_report_id ON passages (report_id);
CREATE INDEX ix_events_report_id ON events (report_id);
CREATE UNIQUE INDEX one_live_index ON indexes (state) WHERE state = 'live';
CREATE INDEX ix_versions_text_hash ON versions (text_hash);
CREATE INDEX ix_versions_title ON versions (title);
CREATE INDEX ix_versions_live_until ON versions (live_until);
CREATE INDEX ix_placements_passage_id ON placements (passage_id);
CREATE INDEX ix_origins_report_id ON origins (report_id);
CREATE INDEX ix_origins_content_hash ON origins (content_hash);
CREATE UNIQUE INDEX one_report_an_address ON origins (uri) WHERE gone_at IS NULL;
COMMIT;
