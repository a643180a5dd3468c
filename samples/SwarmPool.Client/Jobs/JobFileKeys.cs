namespace SwarmPool.Programs.Client.Jobs;

/// <summary>The keys of a job file. docs/configuration.md is made of these summaries.</summary>
public static class JobFileKeys
{
    /// <summary>The kind of job, e.g. "image-classification"; 1 to 64 characters of a-z, 0-9, '-', '_', '.' and '/'. Needed.</summary>
    public const string JobType = "job_type";

    /// <summary>The model to run; 1 to 128 characters of the same set and A-Z, ':'. Needed.</summary>
    public const string Model = "model";

    /// <summary>The file with the input, of 1 byte to 1 GiB, relative to the job file; a pool takes 16 MiB unless it says otherwise. Needed, or <c>input_cid</c>.</summary>
    public const string Input = "input";

    /// <summary>In place of <c>input</c>: the CID of content that is stored already.</summary>
    public const string InputCid = "input_cid";

    /// <summary>An object: <c>amount</c>, what is paid when the job is done, in USDC as text with at most 6 places; <c>currency</c>, "USDC" unless it is left out. With <c>rates</c>, like "output_tokens=0.0002" (docs/prices.md), the amount is the most that it may come to; <c>max</c> in place of amount and rates: so much at most, at the pool's prices. Needed.</summary>
    public const string Payment = "payment";

    /// <summary>Seconds from when it is sent until the job expires, 1 to 604,800. The default is 600 (10 minutes).</summary>
    public const string DeadlineSeconds = "deadline_seconds";

    /// <summary>Seconds that one attempt may run, 1 to 604,800. The default is the pool's own limit, <c>max_attempt_seconds</c>.</summary>
    public const string TimeLimitSeconds = "time_limit_seconds";

    /// <summary>How many miners have to agree, 1 to 5. The default is 1.</summary>
    public const string Replicas = "replicas";

    /// <summary>"always": another miner checks the answer, or nobody pays. The default is that the pool draws which answers are checked.</summary>
    public const string Check = "check";

    /// <summary>An object: what the miner has to offer beside the model. <c>memory</c>, like "24 GiB" or a number of bytes; <c>context_tokens</c>, for prompt and answer together; <c>output_tokens</c>, the most that the answer may have, which a deadline is measured by; <c>device</c>, <c>precision</c> and <c>runtime</c>, as proofs name them, like "cuda". The default is none of them.</summary>
    public const string Needs = "needs";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [JobType, Model, Input, InputCid, Payment, DeadlineSeconds, TimeLimitSeconds, Replicas, Check, Needs];
}
