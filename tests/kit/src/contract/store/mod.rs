//! What the three tables promise, as functions of a [`Store`], whatever database stands behind its
//! client. [`store_contract`](crate::store_contract) makes a test of each.

pub mod also_heard;
pub mod budget;
pub mod change;
pub mod commit;
pub mod connect;
pub mod connections;
pub mod dedupe;
pub mod due;
pub mod failures;
pub mod feedback;
mod fresh;
pub mod hindered;
pub mod ledger;
pub mod ledger_pages;
pub mod lost_answers;
pub mod make;
pub mod product;
pub mod round_trip;
pub mod states;
pub mod sync;
pub mod tenants;
pub mod tokens;

use adapters::dynamodb::Client;

pub use fresh::Store;

/// A database to keep the promises on.
pub trait Database: Sized {
    /// Starts it, or takes the one that runs.
    fn start() -> impl Future<Output = Self>;

    fn client(&self) -> Client;

    fn stop(self) -> impl Future<Output = ()>;
}

/// One test for each promise, on tables of its own: `store_contract!(Database);` at the root of a
/// test program.
#[macro_export]
macro_rules! store_contract {
    ($database:ty) => {
        $crate::store_promises! { $database;

            states:
                a_state_is_taken_once_by_many_at_once,
                a_state_is_for_its_browser_alone,
                an_expired_state_is_used_up;
            connect:
                a_connection_is_written_whole,
                two_organizations_at_once_one_wins,
                a_connection_that_changed_is_not_overwritten,
                what_is_no_longer_held_is_freed,
                eighty_fingerprints_can_replace_eighty,
                more_than_eighty_fingerprints_are_refused,
                disconnect_frees_and_reconciles,
                disconnect_is_for_its_generation_once;
            connections:
                one_reservation_more_is_listed_and_freed,
                a_reservation_that_broke_off_is_freed,
                a_foreign_reservation_is_told,
                a_reservation_needs_a_connection,
                a_full_connection_only_looks,
                reconnect_is_required_and_cleared_by_generation,
                three_thousand_users_come_back,
                a_broken_directory_reads_as_none;
            tokens:
                one_lease_at_a_time,
                a_token_moves_on_from_its_version,
                a_refused_version_is_no_longer_due,
                a_token_is_forgotten_by_generation,
                a_lease_can_be_held_for_a_while,
                a_noted_secret_is_due_until_it_is_forgotten,
                what_cannot_be_handled_waits;
            budget:
                forty_at_once_are_spaced,
                the_line_ends_at_twenty_seconds,
                nothing_before_blocked_until,
                no_slot_begins_before_the_one_before_has_ended,
                many_senders_at_once_never_share_a_time,
                an_exchanged_slot_counts_once,
                the_day_has_ten_thousand_slots,
                slots_around_midnight;
            sync:
                a_poll_starts_once,
                a_poll_does_not_undo_a_listing,
                the_high_water_mark_never_moves_back,
                a_window_has_one_worker,
                maintenance_moves_a_window_that_nobody_has,
                open_windows_and_the_last_finished_are_shown;
            due:
                only_what_is_due_is_named,
                the_oldest_come_first;
            ledger:
                a_call_is_inserted_once,
                a_call_is_replaced_as_it_was_read,
                one_claim_at_a_time,
                only_the_owner_finishes,
                known_calls_of_many_ids,
                finished_calls_are_no_longer_due;
            ledger_pages:
                open_calls_in_the_order_of_ids,
                calls_in_work_are_those_that_do_not_wait_for_gong,
                counts_by_state_and_cause,
                pages_are_newest_first_and_whole,
                pages_of_one_state,
                failed_calls_since_a_time;
            feedback:
                boards_tags_and_settings,
                posts_by_filter_newest_first,
                evidence_oldest_first;
            product:
                every_version_is_kept_and_the_newest_holds,
                a_version_that_is_there_stays_as_it_is,
                many_at_once_write_one_version,
                each_organization_has_its_own;
            dedupe:
                a_persons_post_is_written_once,
                pending_is_cleared_by_revision,
                vectors_are_scanned_in_pages,
                a_replaced_vector_grows_the_revision;
            change:
                evidence_is_withdrawn_whole,
                a_change_of_what_was_changed_does_nothing,
                moved_evidence_is_with_its_new_post_and_the_old_one_remembers,
                a_post_is_moved_in_the_search_and_deleted,
                evidence_by_way_of_a_merged_post_needs_it_to_be_merged_still,
                the_log_is_read_in_pages_newest_first,
                usage_is_summed_by_month,
                the_last_answer_of_a_model_is_kept;
            also_heard:
                what_was_also_heard_comes_with_the_calls_result,
                another_analysis_replaces_what_was_also_heard,
                a_decision_about_what_was_heard_rests_on_what_was_read;
            commit:
                all_effects_are_written,
                in_review_is_not_searchable,
                a_merge_counts_evidence_without_an_epoch,
                a_moved_epoch_stops_everything,
                a_changed_post_stops_everything,
                a_stranger_commits_nothing,
                many_commits_on_one_epoch_one_wins,
                the_same_commit_has_no_second_effect,
                the_same_commit_to_other_tables_is_another;
            round_trip:
                full_connections_table,
                empty_connections_table,
                full_feedback_table,
                empty_feedback_table,
                calls;
            tenants:
                organizations_never_see_each_other;
            failures:
                a_missing_table_is_refused,
                a_dead_database_is_unavailable,
                an_unreadable_item_is_corrupt,
                tables_are_made_once;
            hindered:
                what_is_throttled_once_is_done,
                what_is_throttled_on_and_on_is_unavailable,
                keys_left_over_are_asked_for_again,
                a_conflict_of_transactions_passes,
                a_conflict_without_end_is_unavailable;
            lost_answers:
                single_writes_survive,
                transactions_survive;
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! store_promises {
    ($database:ty; $($module:ident: $($promise:ident),+ $(,)?;)+) => {
        mod promise {
            use super::*;
            $(mod $module {
                use super::*;
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $promise() {
                    use $crate::contract::store::{Database as _, Store, $module};
                    let database = <$database>::start().await;
                    let store = Store::fresh(database.client()).await;
                    $module::$promise(&store).await;
                    database.stop().await;
                })+
            })+
        }
    };
}
