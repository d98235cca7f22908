//! Runs a command in this process, or in the server that has the data folder.

use std::{path::Path, sync::Arc};

use anyhow::Result;

use crate::{
    command::{Command, CommandAnswer},
    commands::run,
    config::Config,
    control,
    data_folder::{DataFolder, FolderError},
    serve::{open, origins},
};

/// Runs a command where the data folder is in use, else here.
///
/// # Errors
/// When it could not be run; the message says what to do.
pub async fn dispatch(config: &Config, data: &Path, command: &Command) -> Result<CommandAnswer> {
    let folder = match DataFolder::open(data) {
        Ok(folder) => folder,
        Err(FolderError::InUse {
            address: Some(address),
            ..
        }) => return control::send(&address, command).await,
        Err(error) => return Err(error.into()),
    };
    let opened = open(config, &folder, None, origins(config, 0), Vec::new()).await?;
    let app = Arc::clone(&opened.app);
    if !matches!(command, Command::Reindex { .. }) {
        let todo = opened.index.at_start(&app.reindex).await?;
        todo.inspect(|todo| eprintln!("{todo}"));
    }
    let answer = run(&app, command).await;
    if matches!(command, Command::Retry { .. } | Command::RetryFailed { .. }) {
        app.drain().await;
    }
    opened.database.stop().await;
    answer
}
