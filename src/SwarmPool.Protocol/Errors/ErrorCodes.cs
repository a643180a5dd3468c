namespace SwarmPool.Protocol.Errors;

/// <summary>The stable codes of refusals and faults. docs/errors.md says of each what it means and what to do; a test holds the two together.</summary>
public static class ErrorCodes
{
    // Configuration and start

    /// <summary>SP1001: Configuration invalid.</summary>
    public const string ConfigurationInvalid = "SP1001";

    /// <summary>SP1002: Configuration missing.</summary>
    public const string ConfigurationMissing = "SP1002";

    /// <summary>SP1101: Plugin folder missing.</summary>
    public const string PluginFolderMissing = "SP1101";

    /// <summary>SP1102: Plugin entry missing.</summary>
    public const string PluginEntryMissing = "SP1102";

    /// <summary>SP1103: Slot taken.</summary>
    public const string SlotTaken = "SP1103";

    /// <summary>SP1104: Slot empty.</summary>
    public const string SlotEmpty = "SP1104";

    /// <summary>SP1105: Plugin load failed.</summary>
    public const string PluginLoadFailed = "SP1105";

    /// <summary>SP1106: Plugin configure failed.</summary>
    public const string PluginConfigureFailed = "SP1106";

    /// <summary>SP1107: Plugin contract.</summary>
    public const string PluginContract = "SP1107";

    /// <summary>SP1108: Plugin private copy.</summary>
    public const string PluginPrivateCopy = "SP1108";

    /// <summary>SP1109: Plugin shared newer.</summary>
    public const string PluginSharedNewer = "SP1109";

    /// <summary>SP1110: Plugin dependencies.</summary>
    public const string PluginDependencies = "SP1110";

    /// <summary>SP1111: Plugin image.</summary>
    public const string PluginImage = "SP1111";

    /// <summary>SP1112: Plugin not locked.</summary>
    public const string PluginNotLocked = "SP1112";

    /// <summary>SP1113: Plugin changed.</summary>
    public const string PluginChanged = "SP1113";

    /// <summary>SP1114: Plugin unsafe.</summary>
    public const string PluginUnsafe = "SP1114";

    /// <summary>SP1115: Plugin lock invalid.</summary>
    public const string PluginLockInvalid = "SP1115";

    /// <summary>SP1116: Plugin fault.</summary>
    public const string PluginFault = "SP1116";

    /// <summary>SP1117: Plugin hangs.</summary>
    public const string PluginHangs = "SP1117";

    /// <summary>SP1118: Package unusable.</summary>
    public const string PackageUnusable = "SP1118";

    /// <summary>SP1201: Key missing.</summary>
    public const string KeyMissing = "SP1201";

    /// <summary>SP1202: Key invalid.</summary>
    public const string KeyInvalid = "SP1202";

    /// <summary>SP1203: Keystore password.</summary>
    public const string KeystorePassword = "SP1203";

    /// <summary>SP1204: Key on command line.</summary>
    public const string KeyOnCommandLine = "SP1204";

    /// <summary>SP1205: Key not of name.</summary>
    public const string KeyNotOfName = "SP1205";

    /// <summary>SP1206: Delegation unusable.</summary>
    public const string DelegationUnusable = "SP1206";

    /// <summary>SP1207: Signer failed.</summary>
    public const string SignerFailed = "SP1207";

    /// <summary>SP1208: Signer refused.</summary>
    public const string SignerRefused = "SP1208";

    // The form of a snapshot

    /// <summary>SP2001: Snapshot too large.</summary>
    public const string SnapshotTooLarge = "SP2001";

    /// <summary>SP2002: Not json.</summary>
    public const string NotJson = "SP2002";

    /// <summary>SP2003: Duplicate key.</summary>
    public const string DuplicateKey = "SP2003";

    /// <summary>SP2004: Too deep.</summary>
    public const string TooDeep = "SP2004";

    /// <summary>SP2005: Bad utf8.</summary>
    public const string BadUtf8 = "SP2005";

    /// <summary>SP2006: Fraction.</summary>
    public const string Fraction = "SP2006";

    /// <summary>SP2007: Integer range.</summary>
    public const string IntegerRange = "SP2007";

    /// <summary>SP2008: Unknown type.</summary>
    public const string UnknownType = "SP2008";

    /// <summary>SP2009: Wrong topic.</summary>
    public const string WrongTopic = "SP2009";

    /// <summary>SP2010: Unknown version.</summary>
    public const string UnknownVersion = "SP2010";

    /// <summary>SP2011: Bad field.</summary>
    public const string BadField = "SP2011";

    /// <summary>SP2012: Null value.</summary>
    public const string NullValue = "SP2012";

    /// <summary>SP2013: Not canonical.</summary>
    public const string NotCanonical = "SP2013";

    // Who it is for, and when

    /// <summary>SP2101: Wrong pool.</summary>
    public const string WrongPool = "SP2101";

    /// <summary>SP2102: Wrong network.</summary>
    public const string WrongNetwork = "SP2102";

    /// <summary>SP2103: Stale.</summary>
    public const string Stale = "SP2103";

    /// <summary>SP2104: In future.</summary>
    public const string InFuture = "SP2104";

    // Who signed it

    /// <summary>SP2201: Bad signature.</summary>
    public const string BadSignature = "SP2201";

    /// <summary>SP2202: Wrong signer.</summary>
    public const string WrongSigner = "SP2202";

    /// <summary>SP2203: Unknown name.</summary>
    public const string UnknownName = "SP2203";

    /// <summary>SP2204: Name unavailable.</summary>
    public const string NameUnavailable = "SP2204";

    /// <summary>SP2205: Delegation expired.</summary>
    public const string DelegationExpired = "SP2205";

    /// <summary>SP2206: Delegation role.</summary>
    public const string DelegationRole = "SP2206";

    /// <summary>SP2207: Delegation revoked.</summary>
    public const string DelegationRevoked = "SP2207";

    /// <summary>SP2208: Delegation key.</summary>
    public const string DelegationKey = "SP2208";

    /// <summary>SP2209: Delegation invalid.</summary>
    public const string DelegationInvalid = "SP2209";

    /// <summary>SP2210: Delegation unavailable.</summary>
    public const string DelegationUnavailable = "SP2210";

    /// <summary>SP2211: Place unusable.</summary>
    public const string PlaceUnusable = "SP2211";

    /// <summary>SP2212: Named state refused.</summary>
    public const string NamedStateRefused = "SP2212";

    /// <summary>SP2213: Place differs.</summary>
    public const string PlaceDiffers = "SP2213";

    // Rates

    /// <summary>SP2301: Peer rate.</summary>
    public const string PeerRate = "SP2301";

    /// <summary>SP2302: Name rate.</summary>
    public const string NameRate = "SP2302";

    /// <summary>SP2303: Queue full.</summary>
    public const string QueueFull = "SP2303";

    // Content

    /// <summary>SP2401: Content not found.</summary>
    public const string ContentNotFound = "SP2401";

    /// <summary>SP2402: Content mismatch.</summary>
    public const string ContentMismatch = "SP2402";

    /// <summary>SP2403: Content too large.</summary>
    public const string ContentTooLarge = "SP2403";

    /// <summary>SP2404: Content unavailable.</summary>
    public const string ContentUnavailable = "SP2404";

    // Jobs

    /// <summary>SP3001: Amount over cap.</summary>
    public const string AmountOverCap = "SP3001";

    /// <summary>SP3002: Deadline passed.</summary>
    public const string DeadlinePassed = "SP3002";

    /// <summary>SP3003: Deadline too far.</summary>
    public const string DeadlineTooFar = "SP3003";

    /// <summary>SP3004: Job unknown.</summary>
    public const string JobUnknown = "SP3004";

    /// <summary>SP3005: Job not cancellable.</summary>
    public const string JobNotCancellable = "SP3005";

    /// <summary>SP3006: Not your job.</summary>
    public const string NotYourJob = "SP3006";

    /// <summary>SP3007: Bad job type.</summary>
    public const string BadJobType = "SP3007";

    /// <summary>SP3008: Bad time limit.</summary>
    public const string BadTimeLimit = "SP3008";

    /// <summary>SP3009: Bad replicas.</summary>
    public const string BadReplicas = "SP3009";

    /// <summary>SP3010: Bad amount.</summary>
    public const string BadAmount = "SP3010";

    /// <summary>SP3011: Pool full.</summary>
    public const string PoolFull = "SP3011";

    /// <summary>SP3012: Client cap.</summary>
    public const string ClientCap = "SP3012";

    /// <summary>SP3013: Client pause.</summary>
    public const string ClientPause = "SP3013";

    /// <summary>SP3014: Spending cap.</summary>
    public const string SpendingCap = "SP3014";

    /// <summary>SP3015: Too many delegations.</summary>
    public const string TooManyDelegations = "SP3015";

    // Claims

    /// <summary>SP3101: Job not pending.</summary>
    public const string JobNotPending = "SP3101";

    /// <summary>SP3102: Wrong attempt.</summary>
    public const string WrongAttempt = "SP3102";

    /// <summary>SP3103: Not registered.</summary>
    public const string NotRegistered = "SP3103";

    /// <summary>SP3104: Model not offered.</summary>
    public const string ModelNotOffered = "SP3104";

    /// <summary>SP3105: Claim cap.</summary>
    public const string ClaimCap = "SP3105";

    /// <summary>SP3106: Cool down.</summary>
    public const string CoolDown = "SP3106";

    /// <summary>SP3107: Stake too low.</summary>
    public const string StakeTooLow = "SP3107";

    /// <summary>SP3108: No such claim.</summary>
    public const string NoSuchClaim = "SP3108";

    /// <summary>SP3109: Already did replica.</summary>
    public const string AlreadyDidReplica = "SP3109";

    // Proofs

    /// <summary>SP3201: No live lease.</summary>
    public const string NoLiveLease = "SP3201";

    /// <summary>SP3202: Wrong fence.</summary>
    public const string WrongFence = "SP3202";

    /// <summary>SP3203: Not completed.</summary>
    public const string NotCompleted = "SP3203";

    /// <summary>SP3204: Bad proof hash.</summary>
    public const string BadProofHash = "SP3204";

    /// <summary>SP3205: Output unavailable.</summary>
    public const string OutputUnavailable = "SP3205";

    /// <summary>SP3206: Verifier refused.</summary>
    public const string VerifierRefused = "SP3206";

    /// <summary>SP3207: Wrong model.</summary>
    public const string WrongModel = "SP3207";

    /// <summary>SP3208: Verifier failed.</summary>
    public const string VerifierFailed = "SP3208";

    // Miners

    /// <summary>SP3301: Old registration.</summary>
    public const string OldRegistration = "SP3301";

    /// <summary>SP3302: Too many miners.</summary>
    public const string TooManyMiners = "SP3302";

    /// <summary>SP3303: Stake unknown.</summary>
    public const string StakeUnknown = "SP3303";

    // Epochs and settlement

    /// <summary>SP3401: Policy threw.</summary>
    public const string PolicyThrew = "SP3401";

    /// <summary>SP3402: Policy timed out.</summary>
    public const string PolicyTimedOut = "SP3402";

    /// <summary>SP3403: Settlement sum.</summary>
    public const string SettlementSum = "SP3403";

    /// <summary>SP3404: Settlement payee.</summary>
    public const string SettlementPayee = "SP3404";

    /// <summary>SP3405: Settlement unstable.</summary>
    public const string SettlementUnstable = "SP3405";

    /// <summary>SP3406: Policy state too large.</summary>
    public const string PolicyStateTooLarge = "SP3406";

    /// <summary>SP3407: Epoch not closed.</summary>
    public const string EpochNotClosed = "SP3407";

    /// <summary>SP3408: Checkpoint unusable.</summary>
    public const string CheckpointUnusable = "SP3408";

    // Journal

    /// <summary>SP4001: Journal held.</summary>
    public const string JournalHeld = "SP4001";

    /// <summary>SP4002: Journal of other pool.</summary>
    public const string JournalOfOtherPool = "SP4002";

    /// <summary>SP4003: Journal damaged.</summary>
    public const string JournalDamaged = "SP4003";

    /// <summary>SP4004: Journal append failed.</summary>
    public const string JournalAppendFailed = "SP4004";

    /// <summary>SP4005: Journal behind published.</summary>
    public const string JournalBehindPublished = "SP4005";

    /// <summary>SP4006: Journal unreadable.</summary>
    public const string JournalUnreadable = "SP4006";

    /// <summary>SP4007: Lease lost.</summary>
    public const string LeaseLost = "SP4007";

    /// <summary>SP4008: Journal not durable.</summary>
    public const string JournalNotDurable = "SP4008";

    // Transport and backends

    /// <summary>SP5001: Transport unavailable.</summary>
    public const string TransportUnavailable = "SP5001";

    /// <summary>SP5002: Pool not heard.</summary>
    public const string PoolNotHeard = "SP5002";

    /// <summary>SP5101: Inference unusable.</summary>
    public const string InferenceUnusable = "SP5101";

    /// <summary>SP5102: Inference failed.</summary>
    public const string InferenceFailed = "SP5102";
}
