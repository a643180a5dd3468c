namespace SwarmPool.Snapshots;

/// <summary>Why a job will not be done: <see cref="JobFailedItem.Reason"/>.</summary>
public static class JobFailReasons
{
    /// <summary>Its deadline passed.</summary>
    public const string Expired = "expired";

    /// <summary>It was tried as often as the pool tries a job.</summary>
    public const string MaxAttempts = "max_attempts";

    /// <summary>Its replicas did not agree.</summary>
    public const string NoAgreement = "no_agreement";

    /// <summary>Its client wants every answer checked, and nobody was there to check it.</summary>
    public const string Unchecked = "unchecked";
}

/// <summary>Whether a client wants an answer checked: <see cref="JobSnapshot.Check"/>.</summary>
public static class JobChecks
{
    /// <summary>By another miner, in any case; else nobody pays.</summary>
    public const string Always = "always";
}

/// <summary>What stands behind a job's price: <see cref="JobNewItem.Funding"/>.</summary>
public static class JobFunding
{
    /// <summary>Nothing but the client's word: no money is held for it, and whether it is paid shows when it is paid.</summary>
    public const string Unfunded = "unfunded";
}

/// <summary>Why a lease ended without a proof: <see cref="ClaimTimeoutItem.Reason"/>, and what a release gives as its reason.</summary>
public static class LeaseEndReasons
{
    /// <summary>It ran out.</summary>
    public const string Timeout = "timeout";

    /// <summary>The miner stops.</summary>
    public const string Released = "released";

    /// <summary>The miner could not do the job.</summary>
    public const string Failed = "failed";

    /// <summary>The miner committed to an answer and did not show it in time. No release says this.</summary>
    public const string Withheld = "withheld";
}
