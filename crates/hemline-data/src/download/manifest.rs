//! Which files a data set consists of, how each is recognised, and who has them.

/// A file as it must arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its name, at every address and in the folder.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

/// The files of a data set and the addresses that have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Prefixes of addresses, each ending in a slash, in the order in which they are asked.
    pub addresses: Vec<String>,
    /// The files.
    pub files: Vec<RemoteFile>,
}

/// Name, bytes and SHA-256 of Fashion-MNIST's four files.
const FASHION_MNIST: [(&str, u64, &str); 4] = [
    (
        "train-images-idx3-ubyte.gz",
        26_421_880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    (
        "train-labels-idx1-ubyte.gz",
        29_515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    (
        "t10k-images-idx3-ubyte.gz",
        4_422_102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    (
        "t10k-labels-idx1-ubyte.gz",
        5_148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
];

impl Manifest {
    /// Fashion-MNIST: the official site, which speaks plain HTTP (the checksums stand for the
    /// content), then the public copy on GitHub. Source:
    /// <https://github.com/zalandoresearch/fashion-mnist>.
    #[must_use]
    pub fn fashion_mnist() -> Self {
        let addresses = [
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ];
        let file = |(name, bytes, sha256): (&str, u64, &str)| RemoteFile {
            name: name.to_owned(),
            bytes,
            sha256: sha256.to_owned(),
        };
        Self {
            addresses: addresses.map(str::to_owned).to_vec(),
            files: FASHION_MNIST.map(file).to_vec(),
        }
    }
}
