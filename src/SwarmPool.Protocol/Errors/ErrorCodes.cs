namespace SwarmPool.Protocol.Errors;

/// <summary>The stable codes of refusals and faults. <see cref="ErrorCatalog"/>, and docs/errors.md after it, say of each what it means and what to do.</summary>
public static partial class ErrorCodes
{
    // Configuration and start

    /// <summary>SP1001: A configuration value is malformed, out of range, or contradicts another.</summary>
    public const string ConfigurationInvalid = "SP1001";

    /// <summary>SP1002: A configuration file or required key is missing.</summary>
    public const string ConfigurationMissing = "SP1002";

    /// <summary>SP1101: <c>plugins:use</c> names a plugin whose folder is missing.</summary>
    public const string PluginFolderMissing = "SP1101";

    /// <summary>SP1102: The folder has no assembly of its name, or the assembly no usable entry point.</summary>
    public const string PluginEntryMissing = "SP1102";

    /// <summary>SP1103: Two plugins fill the same slot.</summary>
    public const string SlotTaken = "SP1103";

    /// <summary>SP1104: Nothing fills a slot that a role needs.</summary>
    public const string SlotEmpty = "SP1104";

    /// <summary>SP1105: The plugin's assembly, or one it refers to, can't be loaded.</summary>
    public const string PluginLoadFailed = "SP1105";

    /// <summary>SP1106: The plugin threw while it registered itself or made its service.</summary>
    public const string PluginConfigureFailed = "SP1106";

    /// <summary>SP1107: The plugin was built against contracts that this program doesn't support.</summary>
    public const string PluginContract = "SP1107";

    /// <summary>SP1108: The plugin has its own copy of a shared assembly.</summary>
    public const string PluginPrivateCopy = "SP1108";

    /// <summary>SP1109: The plugin refers to a newer shared assembly than the host's.</summary>
    public const string PluginSharedNewer = "SP1109";

    /// <summary>SP1110: The plugin's <c>.deps.json</c> or <c>.runtimeconfig.json</c> is broken, or leads out of its folder.</summary>
    public const string PluginDependencies = "SP1110";

    /// <summary>SP1111: A file is not a .NET assembly for this machine: damaged, native, or for another processor.</summary>
    public const string PluginImage = "SP1111";

    /// <summary>SP1112: The strict lock file doesn't list the plugin.</summary>
    public const string PluginNotLocked = "SP1112";

    /// <summary>SP1113: The plugin's files differ from the strict lock file.</summary>
    public const string PluginChanged = "SP1113";

    /// <summary>SP1114: The folder has a link or too many files; or, under a strict lock, everyone can write it.</summary>
    public const string PluginUnsafe = "SP1114";

    /// <summary>SP1115: The file that <c>plugins:lock</c> names is missing, broken, or of an unknown format.</summary>
    public const string PluginLockInvalid = "SP1115";

    /// <summary>SP1116: A plugin threw what its contract doesn't allow. It was contained and counted.</summary>
    public const string PluginFault = "SP1116";

    /// <summary>SP1117: A plugin didn't answer within its limit. The call was abandoned and counted.</summary>
    public const string PluginHangs = "SP1117";

    /// <summary>SP1118: A package is not found, damaged, too large, for another system, or lacks a dependency.</summary>
    public const string PackageUnusable = "SP1118";

    /// <summary>SP1119: Several package sources have a package of that name, and no source mapping says which is meant: a stranger may have put one of an internal package's name on a public source.</summary>
    public const string PackageAmbiguous = "SP1119";

    /// <summary>SP1201: No signing key was given.</summary>
    public const string KeyMissing = "SP1201";

    /// <summary>SP1202: The key is not valid.</summary>
    public const string KeyInvalid = "SP1202";

    /// <summary>SP1203: The keystore's password is missing or wrong.</summary>
    public const string KeystorePassword = "SP1203";

    /// <summary>SP1204: A key on the command line can be read by every user of the machine.</summary>
    public const string KeyOnCommandLine = "SP1204";

    /// <summary>SP1205: The key's account may not sign for the configured name.</summary>
    public const string KeyNotOfName = "SP1205";

    /// <summary>SP1206: The configured delegation can't be read, has expired, was revoked, or is for another name, role, pool, network or key. A daemon whose delegation ends stops with this.</summary>
    public const string DelegationUnusable = "SP1206";

    /// <summary>SP1207: The remote signer was away, too slow, or answered wrongly: malformed, or not the account's signature.</summary>
    public const string SignerFailed = "SP1207";

    /// <summary>SP1208: The remote signer refuses to sign; the message has its reason.</summary>
    public const string SignerRefused = "SP1208";

    // The form of a snapshot

    /// <summary>SP2001: The snapshot exceeds 64 KiB.</summary>
    public const string SnapshotTooLarge = "SP2001";

    /// <summary>SP2002: The bytes are not a JSON object.</summary>
    public const string NotJson = "SP2002";

    /// <summary>SP2003: An object has a key twice.</summary>
    public const string DuplicateKey = "SP2003";

    /// <summary>SP2004: Objects and arrays are nested too deeply.</summary>
    public const string TooDeep = "SP2004";

    /// <summary>SP2005: The text isn't valid UTF-8, or has a lone surrogate.</summary>
    public const string BadUtf8 = "SP2005";

    /// <summary>SP2006: A number has a fraction or an exponent.</summary>
    public const string Fraction = "SP2006";

    /// <summary>SP2007: An integer is beyond ±2^53.</summary>
    public const string IntegerRange = "SP2007";

    /// <summary>SP2008: <c>type</c> is unknown, or not the one that is expected here.</summary>
    public const string UnknownType = "SP2008";

    /// <summary>SP2009: The snapshot came over another type's topic.</summary>
    public const string WrongTopic = "SP2009";

    /// <summary>SP2010: <c>version</c> is not supported.</summary>
    public const string UnknownVersion = "SP2010";

    /// <summary>SP2011: A field is missing, of the wrong kind, or out of range.</summary>
    public const string BadField = "SP2011";

    /// <summary>SP2012: A field is null.</summary>
    public const string NullValue = "SP2012";

    /// <summary>SP2013: Content is not in canonical form (RFC 8785), so its CID may not be the only one.</summary>
    public const string NotCanonical = "SP2013";

    // Who it is for, and when

    /// <summary>SP2101: The snapshot is for another pool.</summary>
    public const string WrongPool = "SP2101";

    /// <summary>SP2102: The snapshot was signed for another network.</summary>
    public const string WrongNetwork = "SP2102";

    /// <summary>SP2103: The timestamp is older than allowed, or than the name's last.</summary>
    public const string Stale = "SP2103";

    /// <summary>SP2104: The timestamp is too far ahead of the pool's clock.</summary>
    public const string InFuture = "SP2104";

    // Who signed it

    /// <summary>SP2201: The signature is malformed or doesn't fit the text.</summary>
    public const string BadSignature = "SP2201";

    /// <summary>SP2202: The signing account may not sign for the name.</summary>
    public const string WrongSigner = "SP2202";

    /// <summary>SP2203: The name doesn't exist or names no account.</summary>
    public const string UnknownName = "SP2203";

    /// <summary>SP2204: The name can't be looked up now: neither yes nor no.</summary>
    public const string NameUnavailable = "SP2204";

    /// <summary>SP2205: The session key's delegation has expired.</summary>
    public const string DelegationExpired = "SP2205";

    /// <summary>SP2206: The delegation is for another role.</summary>
    public const string DelegationRole = "SP2206";

    /// <summary>SP2207: The name has revoked the delegation.</summary>
    public const string DelegationRevoked = "SP2207";

    /// <summary>SP2208: A key other than the delegation's signed.</summary>
    public const string DelegationKey = "SP2208";

    /// <summary>SP2209: The named delegation is not the signer's for this pool and network, or not signed by the name's own account.</summary>
    public const string DelegationInvalid = "SP2209";

    /// <summary>SP2210: The delegation can't be fetched now: neither yes nor no.</summary>
    public const string DelegationUnavailable = "SP2210";

    /// <summary>SP2211: The name's pool records are malformed or lead nowhere now; they are ignored.</summary>
    public const string PlaceUnusable = "SP2211";

    /// <summary>SP2212: The name's records lead to a state that the pool didn't sign, or older than one already seen; it is ignored.</summary>
    public const string NamedStateRefused = "SP2212";

    /// <summary>SP2213: The pool's name doesn't lead to where the daemon publishes: who knows only the name doesn't find it.</summary>
    public const string PlaceDiffers = "SP2213";

    /// <summary>SP2214: The Ethereum nodes that were asked for the name say different things of it, and too few the same. Nothing is taken or paid by it.</summary>
    public const string NameDisputed = "SP2214";

    /// <summary>SP2215: The pool would pay the miner at another address than the miner's own lookup of its name gives: one of the two was told something else of the name. The miner does no work.</summary>
    public const string PayoutDiffers = "SP2215";

    // Rates

    /// <summary>SP2301: The transport peer exceeds its rate.</summary>
    public const string PeerRate = "SP2301";

    /// <summary>SP2302: The name exceeds its rate, through however many peers.</summary>
    public const string NameRate = "SP2302";

    /// <summary>SP2303: The pool has more to check than it can hold.</summary>
    public const string QueueFull = "SP2303";

    /// <summary>SP2304: These bytes were heard and decided before; it is announced again.</summary>
    public const string HeardBefore = "SP2304";

    // Content

    /// <summary>SP2401: Nobody delivered the content in time.</summary>
    public const string ContentNotFound = "SP2401";

    /// <summary>SP2402: The bytes don't match their CID.</summary>
    public const string ContentMismatch = "SP2402";

    /// <summary>SP2403: The content exceeds the limit.</summary>
    public const string ContentTooLarge = "SP2403";

    /// <summary>SP2404: The content store can't be asked now.</summary>
    public const string ContentUnavailable = "SP2404";

    // Jobs

    /// <summary>SP3001: The price is above the pool's cap.</summary>
    public const string AmountOverCap = "SP3001";

    /// <summary>SP3002: The deadline has passed.</summary>
    public const string DeadlinePassed = "SP3002";

    /// <summary>SP3003: The deadline is more than 7 days away.</summary>
    public const string DeadlineTooFar = "SP3003";

    /// <summary>SP3004: The pool knows no such job.</summary>
    public const string JobUnknown = "SP3004";

    /// <summary>SP3005: The job is claimed or decided; only pending jobs can be cancelled.</summary>
    public const string JobNotCancellable = "SP3005";

    /// <summary>SP3006: Only the job's client may do this.</summary>
    public const string NotYourJob = "SP3006";

    /// <summary>SP3007: The pool doesn't take this job type.</summary>
    public const string BadJobType = "SP3007";

    /// <summary>SP3008: The time limit is out of the pool's range.</summary>
    public const string BadTimeLimit = "SP3008";

    /// <summary>SP3009: The number of replicas is out of the pool's range.</summary>
    public const string BadReplicas = "SP3009";

    /// <summary>SP3010: The price is not an amount: a decimal string with at most 6 places, no sign, no exponent.</summary>
    public const string BadAmount = "SP3010";

    /// <summary>SP3011: The pool holds as many jobs as it can, or open jobs and this epoch's volume exceed the largest amount.</summary>
    public const string PoolFull = "SP3011";

    /// <summary>SP3012: The client has as many open jobs as one client may, or its jobs, remembered ones too, take up its share of the pool.</summary>
    public const string ClientCap = "SP3012";

    /// <summary>SP3013: The client's jobs failed with different miners: the pool takes no more for a while.</summary>
    public const string ClientPause = "SP3013";

    /// <summary>SP3014: The job costs more than the delegation's cap leaves, open and paid jobs together.</summary>
    public const string SpendingCap = "SP3014";

    /// <summary>SP3015: The pool remembers no more delegations of this name, or at all. A revocation refused so is of an unknown delegation and records nothing.</summary>
    public const string TooManyDelegations = "SP3015";

    /// <summary>SP3016: The price is below the least that the pool takes.</summary>
    public const string AmountTooLow = "SP3016";

    /// <summary>SP3017: The client owes as much as one client may: open jobs, and decided ones that no sealed epoch pays yet.</summary>
    public const string UnpaidCap = "SP3017";

    // Claims

    /// <summary>SP3101: The job is claimed by another, decided, or unknown.</summary>
    public const string JobNotPending = "SP3101";

    /// <summary>SP3102: The claim is for another attempt.</summary>
    public const string WrongAttempt = "SP3102";

    /// <summary>SP3103: The miner has not registered.</summary>
    public const string NotRegistered = "SP3103";

    /// <summary>SP3104: The miner has not registered the job's model.</summary>
    public const string ModelNotOffered = "SP3104";

    /// <summary>SP3105: The miner holds as many claims as it may.</summary>
    public const string ClaimCap = "SP3105";

    /// <summary>SP3106: The miner let claims lapse and has to wait.</summary>
    public const string CoolDown = "SP3106";

    /// <summary>SP3107: The miner's stake is below the pool's minimum.</summary>
    public const string StakeTooLow = "SP3107";

    /// <summary>SP3108: There is no such claim to renew or release.</summary>
    public const string NoSuchClaim = "SP3108";

    /// <summary>SP3109: The miner already did a replica of this job.</summary>
    public const string AlreadyDidReplica = "SP3109";

    /// <summary>SP3110: The miner had jobs of this client and did not do them: it may claim others' jobs meanwhile.</summary>
    public const string CoolDownWithClient = "SP3110";

    /// <summary>SP3111: For seconds the job is kept for miners that have done work for its client, or for miners without strikes.</summary>
    public const string JobReserved = "SP3111";

    // Proofs

    /// <summary>SP3201: The miner's lease on the job is over.</summary>
    public const string NoLiveLease = "SP3201";

    /// <summary>SP3202: The proof carries another lease's fence.</summary>
    public const string WrongFence = "SP3202";

    /// <summary>SP3203: The proof says that the job was not completed.</summary>
    public const string NotCompleted = "SP3203";

    /// <summary>SP3204: The proof's hash doesn't match its parts.</summary>
    public const string BadProofHash = "SP3204";

    /// <summary>SP3205: The output could not be fetched in time.</summary>
    public const string OutputUnavailable = "SP3205";

    /// <summary>SP3206: The verifier judged the output dishonest.</summary>
    public const string VerifierRefused = "SP3206";

    /// <summary>SP3207: The proof names another model than the job.</summary>
    public const string WrongModel = "SP3207";

    /// <summary>SP3208: The verifier threw or took too long; the proof was not judged.</summary>
    public const string VerifierFailed = "SP3208";

    /// <summary>SP3209: The verdict is none that the pool's recorded verifier can give.</summary>
    public const string VerdictImpossible = "SP3209";

    // Miners

    /// <summary>SP3301: A newer registration of the name is known.</summary>
    public const string OldRegistration = "SP3301";

    /// <summary>SP3302: The pool has as many miners as it takes.</summary>
    public const string TooManyMiners = "SP3302";

    /// <summary>SP3303: The identity plugin knows no stake for the name, and the pool asks for one.</summary>
    public const string StakeUnknown = "SP3303";

    /// <summary>SP3304: Another program mines under this miner's name: both would do every job, and one is paid. The one that was there first goes on, the other ends.</summary>
    public const string MinerNameTaken = "SP3304";

    /// <summary>SP3305: A miner can't keep finished work in its work folder until the pool has seen it.</summary>
    public const string WorkNotKept = "SP3305";

    // Transport and backends

    /// <summary>SP5001: The transport can't connect.</summary>
    public const string TransportUnavailable = "SP5001";

    /// <summary>SP5002: The pool did not answer in time.</summary>
    public const string PoolNotHeard = "SP5002";

    /// <summary>SP5003: The client was not connected to its pool in time; it goes on trying in the background.</summary>
    public const string NotConnected = "SP5003";
}
