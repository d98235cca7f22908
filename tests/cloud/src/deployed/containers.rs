//! A Docker daemon for `sam local invoke`.

use std::{
    fs,
    net::IpAddr,
    process::{Command, Stdio},
};

use tempfile::TempDir;
use test_tools::{Server, python_script, venv};
use tokio::net::{TcpListener, TcpStream};

/// What SAM CLI builds its emulator into.
const BASE_IMAGE: &str = "public.ecr.aws/lambda/provided:al2023";

/// The machine's own daemon when one answers (SAM CLI then pulls what it needs, as for anybody);
/// otherwise one that ends with this, with a base image made of the machine's own files.
pub struct Containers {
    own: Option<(Server, TempDir)>,
}

impl Containers {
    /// Finds the machine's daemon or starts one.
    ///
    /// # Errors
    /// Why there is none.
    ///
    /// # Panics
    /// When there is no temporary folder.
    pub fn start() -> Result<Self, String> {
        if succeeds(&["version"]) {
            let image = format!("{BASE_IMAGE}-{}", architecture());
            if !succeeds(&["image", "inspect", &image]) && !succeeds(&["pull", &image]) {
                return Err(format!("the machine's Docker cannot pull {image}"));
            }
            return Ok(Self { own: None });
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new(venv("sam").program("python"));
        command
            .arg(python_script("docker_server.py"))
            .arg(folder.path());
        let server = Server::try_start(&mut command)
            .map_err(|why| format!("no Docker daemon answers, and for one of our own: {why}"))?;
        Ok(Self {
            own: Some((server, folder)),
        })
    }

    /// In words for people.
    #[must_use]
    pub const fn which(&self) -> &'static str {
        match self.own {
            Some(_) => "a daemon and a base image of our own",
            None => "the machine's Docker",
        }
    }

    /// Lets containers reach a port of this machine's loopback as `localhost`, when they are told
    /// that the address which this returns is one of its addresses; only with a daemon and a base
    /// image of our own. It listens where containers alone can reach it, as long as the runtime runs.
    ///
    /// # Panics
    /// When the daemon has written no address, or the port is taken there.
    pub async fn relay(&self, port: u16) -> Option<IpAddr> {
        let (_, folder) = self.own.as_ref()?;
        let host = fs::read_to_string(folder.path().join("host")).expect("a daemon that started");
        let host: IpAddr = host.parse().expect("an address");
        let listener = TcpListener::bind((host, port)).await.expect("a free port");
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(("127.0.0.1", port)).await?;
                    tokio::io::copy_bidirectional(&mut near, &mut far).await
                });
            }
        });
        Some(host)
    }

    /// Lets a command find the daemon.
    pub fn lend(&self, command: &mut Command) {
        if let Some((_, folder)) = &self.own {
            let socket = folder.path().join("docker.sock");
            command
                .env("DOCKER_HOST", format!("unix://{}", socket.display()))
                // As the option --skip-pull-image: its base image is in no registry.
                .env("SAM_SKIP_PULL_IMAGE", "1");
        }
    }
}

/// Lambda's word for this machine's architecture.
const fn architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "x86_64"
    }
}

fn succeeds(docker: &[&str]) -> bool {
    let asked = Command::new("docker")
        .args(docker)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}
