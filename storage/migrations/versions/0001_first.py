"""The whole archive, as of the first release.

Written by `python -m tests.storage.first_migration`.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('articles',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('canonical_url', sa.Text(), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('word_count', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sort_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_backfill', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_articles')),
    sa.UniqueConstraint('outlet_id', 'canonical_url', name=op.f('uq_articles_outlet_id_canonical_url'))
    )
    op.create_index(op.f('ix_articles_first_seen_at'), 'articles', ['first_seen_at'], unique=False)
    op.create_index(op.f('ix_articles_outlet_id_articles_external_id'), 'articles', ['outlet_id', 'external_id'], unique=False)
    op.create_index(op.f('ix_articles_outlet_id_articles_sort_at'), 'articles', ['outlet_id', 'sort_at'], unique=False)
    op.create_index(op.f('ix_articles_sort_at_articles_id'), 'articles', ['sort_at', 'id'], unique=False)
    op.create_table('audit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=True),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('target', sa.String(length=120), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_index(op.f('ix_audit_at'), 'audit', ['at'], unique=False)
    op.create_index(op.f('ix_audit_who'), 'audit', ['who'], unique=False)
    op.create_table('backfills',
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('way_url', sa.Text(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('cursor', sa.Text(), nullable=True),
    sa.Column('is_done', sa.Integer(), nullable=False),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('articles', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('outlet_id', 'way_url', 'since', name=op.f('pk_backfills'))
    )
    op.create_table('contents',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contents'))
    )
    op.create_table('fingerprints',
    sa.Column('period', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('period', 'hash', 'article_id', name=op.f('pk_fingerprints')),
    sqlite_with_rowid=False
    )
    op.create_table('health_changes',
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('before', sa.String(length=24), nullable=True),
    sa.Column('after', sa.String(length=24), nullable=False),
    sa.Column('reason_data', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('outlet_id', 'changed_at', name=op.f('pk_health_changes'))
    )
    op.create_index(op.f('ix_health_changes_changed_at'), 'health_changes', ['changed_at'], unique=False)
    op.create_table('hub_subscriptions',
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('way_url', sa.Text(), nullable=False),
    sa.Column('hub', sa.Text(), nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('callback', sa.Text(), nullable=True),
    sa.Column('token', sa.String(length=64), nullable=True),
    sa.Column('secret', sa.String(length=64), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told', sa.Integer(), nullable=False),
    sa.Column('unsigned', sa.Integer(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('outlet_id', 'way_url', name=op.f('pk_hub_subscriptions')),
    sa.UniqueConstraint('token', name=op.f('uq_hub_subscriptions_token'))
    )
    op.create_index(op.f('ix_hub_subscriptions_due_at'), 'hub_subscriptions', ['due_at'], unique=False)
    op.create_index(op.f('ix_hub_subscriptions_told_at'), 'hub_subscriptions', ['told_at'], unique=False)
    op.create_table('kept_pages',
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('canonical_url', sa.Text(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('digest', sa.String(length=80), nullable=False),
    sa.Column('file', sa.Text(), nullable=False),
    sa.Column('start', sa.BigInteger(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('outlet_id', 'canonical_url', 'fetched_at', name=op.f('pk_kept_pages'))
    )
    op.create_index(op.f('ix_kept_pages_file'), 'kept_pages', ['file'], unique=False)
    op.create_table('keys',
    sa.Column('use', sa.String(length=40), nullable=False),
    sa.Column('secret', sa.String(length=128), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('use', name=op.f('pk_keys'))
    )
    op.create_table('outlet_states',
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('next_visit_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('interval_seconds', sa.Float(), nullable=True),
    sa.Column('health', sa.String(length=24), nullable=False),
    sa.Column('health_since_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason_data', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('consecutive_failures', sa.Integer(), nullable=False),
    sa.Column('last_visit_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_success_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_success_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_new_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('outlet_id', name=op.f('pk_outlet_states'))
    )
    op.create_index(op.f('ix_outlet_states_next_visit_at'), 'outlet_states', ['next_visit_at'], unique=False)
    op.create_table('recipients',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('address', sa.String(length=2048), nullable=False),
    sa.Column('owner_email', sa.String(length=320), nullable=True),
    sa.Column('secret', sa.String(length=2048), nullable=True),
    sa.Column('previous_secret', sa.String(length=2048), nullable=True),
    sa.Column('previous_secret_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('permanent_failures', sa.Integer(), nullable=False),
    sa.Column('failing_since_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_reason', sa.String(length=500), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recipients')),
    sa.UniqueConstraint('channel', 'address', name=op.f('uq_recipients_channel_address'))
    )
    op.create_table('rules',
    sa.Column('id', sa.String(length=120), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('is_enabled', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rules'))
    )
    op.create_table('visits',
    sa.Column('id', sa.String(length=160), nullable=False),
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('read', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('revised', sa.Integer(), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('requests', sa.Integer(), nullable=False),
    sa.Column('missing', sa.Text(), nullable=True),
    sa.Column('failure_kind', sa.String(length=40), nullable=True),
    sa.Column('failure_detail', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits'))
    )
    op.create_index(op.f('ix_visits_outlet_id_visits_started_at'), 'visits', ['outlet_id', 'started_at'], unique=False)
    op.create_index(op.f('ix_visits_started_at'), 'visits', ['started_at'], unique=False)
    op.create_table('ways_in',
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('etag', sa.Text(), nullable=True),
    sa.Column('last_modified', sa.Text(), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('outlet_id', 'url', name=op.f('pk_ways_in'))
    )
    op.create_table('workers',
    sa.Column('id', sa.String(length=120), nullable=False),
    sa.Column('machine', sa.String(length=255), nullable=False),
    sa.Column('process', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('beat_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('adopted_by', sa.String(length=120), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workers'))
    )
    op.create_index(op.f('ix_workers_beat_at'), 'workers', ['beat_at'], unique=False)
    op.create_table('feedback',
    sa.Column('rule_id', sa.String(length=120), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reader', sa.String(length=120), nullable=False),
    sa.Column('is_relevant', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_feedback_article_id_articles')),
    sa.PrimaryKeyConstraint('rule_id', 'article_id', 'reader', name=op.f('pk_feedback'))
    )
    op.create_table('known_pages',
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('canonical_url', sa.Text(), nullable=False),
    sa.Column('entry', sa.Text(), nullable=False),
    sa.Column('entry_hashes', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('failure_kind', sa.String(length=40), nullable=True),
    sa.Column('failure_detail', sa.Text(), nullable=True),
    sa.Column('etag', sa.Text(), nullable=True),
    sa.Column('last_modified', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_known_pages_article_id_articles')),
    sa.PrimaryKeyConstraint('outlet_id', 'canonical_url', name=op.f('pk_known_pages'))
    )
    op.create_index(op.f('ix_known_pages_article_id'), 'known_pages', ['article_id'], unique=False)
    op.create_index(op.f('ix_known_pages_outlet_id_known_pages_due_at'), 'known_pages', ['outlet_id', 'due_at'], unique=False)
    op.create_table('revisions',
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('word_count', sa.Integer(), nullable=False),
    sa.Column('first_shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_revisions_article_id_articles')),
    sa.PrimaryKeyConstraint('article_id', 'content_hash', name=op.f('pk_revisions'))
    )
    op.create_table('rule_versions',
    sa.Column('rule_id', sa.String(length=120), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('saved_by', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['rule_id'], ['rules.id'], name=op.f('fk_rule_versions_rule_id_rules')),
    sa.PrimaryKeyConstraint('rule_id', 'version', name=op.f('pk_rule_versions'))
    )
    op.create_table('search_documents',
    sa.Column('ordinal', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('names', sa.Text(), nullable=False),
    sa.Column('town', sa.Text(), nullable=False),
    sa.Column('atoms', sa.LargeBinary(), nullable=False),
    sa.Column('vector', sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_search_documents_article_id_articles')),
    sa.PrimaryKeyConstraint('ordinal', name=op.f('pk_search_documents')),
    sa.UniqueConstraint('article_id', name=op.f('uq_search_documents_article_id'))
    )
    op.create_table('search_topics',
    sa.Column('topic_id', sa.String(length=80), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_search_topics_article_id_articles')),
    sa.PrimaryKeyConstraint('topic_id', 'article_id', name=op.f('pk_search_topics'))
    )
    op.create_index(op.f('ix_search_topics_article_id'), 'search_topics', ['article_id'], unique=False)
    op.create_table('showings',
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_showings_article_id_articles')),
    sa.PrimaryKeyConstraint('article_id', 'shown_at', name=op.f('pk_showings'))
    )
    op.create_table('sketches',
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_sketches_article_id_articles')),
    sa.PrimaryKeyConstraint('article_id', name=op.f('pk_sketches'))
    )
    op.create_table('stories',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('original_article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('origin', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('merged_into', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_rooted_by_hand', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['merged_into'], ['stories.id'], name=op.f('fk_stories_merged_into_stories')),
    sa.ForeignKeyConstraint(['original_article_id'], ['articles.id'], name=op.f('fk_stories_original_article_id_articles')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stories'))
    )
    op.create_index(op.f('ix_stories_created_at'), 'stories', ['created_at'], unique=False)
    op.create_index(op.f('ix_stories_original_article_id'), 'stories', ['original_article_id'], unique=False)
    op.create_table('subscriptions',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('recipient_id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('rhythm', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('minimum_score', sa.Float(), nullable=False),
    sa.Column('cap_per_hour', sa.Integer(), nullable=True),
    sa.Column('quiet_from_minute', sa.Integer(), nullable=True),
    sa.Column('quiet_until_minute', sa.Integer(), nullable=True),
    sa.Column('bulletin_minute', sa.Integer(), nullable=False),
    sa.Column('working_days_only', sa.Boolean(), nullable=False),
    sa.Column('outlets_included', sa.JSON(), nullable=False),
    sa.Column('outlets_excluded', sa.JSON(), nullable=False),
    sa.Column('watches_outlets', sa.Boolean(), nullable=False),
    sa.Column('paused_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('digested_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['recipient_id'], ['recipients.id'], name=op.f('fk_subscriptions_recipient_id_recipients')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriptions'))
    )
    op.create_index(op.f('ix_subscriptions_recipient_id'), 'subscriptions', ['recipient_id'], unique=False)
    op.create_index(op.f('ix_subscriptions_state'), 'subscriptions', ['state'], unique=False)
    op.create_table('visit_ways',
    sa.Column('visit_id', sa.String(length=160), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('failure_kind', sa.String(length=40), nullable=True),
    sa.Column('failure_detail', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_visit_ways_visit_id_visits')),
    sa.PrimaryKeyConstraint('visit_id', 'url', name=op.f('pk_visit_ways'))
    )
    op.create_table('deliveries',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('subscription_id', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('recipient_id', sa.String(length=40), nullable=False),
    sa.Column('story_id', sa.BigInteger(), nullable=True),
    sa.Column('content_id', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('digest_id', sa.String(length=40), nullable=True),
    sa.Column('weight', sa.Float(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('claimant', sa.String(length=200), nullable=True),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('owed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('receipt', sa.Text(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['content_id'], ['contents.id'], name=op.f('fk_deliveries_content_id_contents')),
    sa.ForeignKeyConstraint(['recipient_id'], ['recipients.id'], name=op.f('fk_deliveries_recipient_id_recipients')),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscriptions.id'], name=op.f('fk_deliveries_subscription_id_subscriptions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
    sa.UniqueConstraint('subscription_id', 'subject', 'channel', name=op.f('uq_deliveries_subscription_id_subject_channel'))
    )
    op.create_index(op.f('ix_deliveries_channel_deliveries_next_attempt_at_deliveries_id'), 'deliveries', ['channel', 'next_attempt_at', 'id'], unique=False)
    op.create_index(op.f('ix_deliveries_digest_id'), 'deliveries', ['digest_id'], unique=False)
    op.create_index(op.f('ix_deliveries_next_attempt_at'), 'deliveries', ['next_attempt_at'], unique=False)
    op.create_index(op.f('ix_deliveries_owed_at_deliveries_id'), 'deliveries', ['owed_at', 'id'], unique=False)
    op.create_index(op.f('ix_deliveries_recipient_id_deliveries_sent_at'), 'deliveries', ['recipient_id', 'sent_at'], unique=False)
    op.create_index(op.f('ix_deliveries_state_deliveries_reason'), 'deliveries', ['state', 'reason'], unique=False)
    op.create_index(op.f('ix_deliveries_story_id'), 'deliveries', ['story_id'], unique=False)
    op.create_index(op.f('ix_deliveries_subscription_id_deliveries_owed_at'), 'deliveries', ['subscription_id', 'owed_at'], unique=False)
    op.create_table('matches',
    sa.Column('rule_id', sa.String(length=120), nullable=False),
    sa.Column('story_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('matched_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_matches_article_id_articles')),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_matches_story_id_stories')),
    sa.PrimaryKeyConstraint('rule_id', 'story_id', name=op.f('pk_matches'))
    )
    op.create_index(op.f('ix_matches_rule_id_matches_matched_at'), 'matches', ['rule_id', 'matched_at'], unique=False)
    op.create_index(op.f('ix_matches_story_id'), 'matches', ['story_id'], unique=False)
    op.create_table('story_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('story_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('before', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('after', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_whom', sa.Text(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_story_events_story_id_stories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_story_events'))
    )
    op.create_index(op.f('ix_story_events_story_id'), 'story_events', ['story_id'], unique=False)
    op.create_table('story_links',
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('story_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_story_links_article_id_articles')),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_story_links_story_id_stories')),
    sa.PrimaryKeyConstraint('article_id', 'story_id', name=op.f('pk_story_links'))
    )
    op.create_index(op.f('ix_story_links_story_id'), 'story_links', ['story_id'], unique=False)
    op.create_table('story_members',
    sa.Column('article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('story_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outlet_id', sa.String(length=80), nullable=False),
    sa.Column('relation', sa.String(length=16), nullable=False),
    sa.Column('source_article_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('credits', sa.Text(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('letters', sa.Integer(), nullable=False),
    sa.Column('is_placed_by_hand', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['article_id'], ['articles.id'], name=op.f('fk_story_members_article_id_articles')),
    sa.ForeignKeyConstraint(['story_id'], ['stories.id'], name=op.f('fk_story_members_story_id_stories')),
    sa.PrimaryKeyConstraint('article_id', name=op.f('pk_story_members'))
    )
    op.create_index(op.f('ix_story_members_outlet_id_story_members_seen_at'), 'story_members', ['outlet_id', 'seen_at'], unique=False)
    op.create_index(op.f('ix_story_members_story_id'), 'story_members', ['story_id'], unique=False)
    op.create_table('subscription_rules',
    sa.Column('subscription_id', sa.String(length=40), nullable=False),
    sa.Column('rule_id', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscriptions.id'], name=op.f('fk_subscription_rules_subscription_id_subscriptions')),
    sa.PrimaryKeyConstraint('subscription_id', 'rule_id', name=op.f('pk_subscription_rules'))
    )
    op.create_index(op.f('ix_subscription_rules_rule_id'), 'subscription_rules', ['rule_id'], unique=False)
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("CREATE VIRTUAL TABLE search_fts USING fts5(title, lead, body, tag, section, credit, reporter, outlet, town, facts, content='', columnsize=0, tokenize='ascii')")
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('CREATE INDEX ix_search_documents_vector ON search_documents USING gin (vector)')
