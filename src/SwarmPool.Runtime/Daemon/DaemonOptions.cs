using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Verification;
using SwarmPool.Settlement;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon;

/// <summary>What a pool's daemon is set to. The keys are the seed's own where it had one.</summary>
public sealed class DaemonOptions : IRoleOptions
{
    /// <summary>Of a name's rate, what a name has that has done nothing here: one in so many.</summary>
    internal const int NewcomersShare = 5;

    /// <summary>The pool's name. The default value is "swarmpool.eth".</summary>
    [ConfigurationKeyName("pool_ens")]
    public string PoolEns { get; set; } = "swarmpool.eth";

    /// <summary>The name that is paid the operations' part; empty: the pool's own.</summary>
    [ConfigurationKeyName("operations_ens")]
    public string OperationsEns { get; set; } = "";

    /// <summary>Seconds an epoch lasts; must be between 1 and 604,800. The default value is 3600.</summary>
    [ConfigurationKeyName("epoch_duration_seconds")]
    public int EpochDurationSeconds { get; set; } = 3600;

    /// <summary>Seconds a claim lives without renewal; must be between 1 and 86,400. The default value is 300.</summary>
    [ConfigurationKeyName("claim_timeout_seconds")]
    public int ClaimTimeoutSeconds { get; set; } = 300;

    /// <summary>The stake that a miner needs, in USDC. The default value is "0": none.</summary>
    [ConfigurationKeyName("min_miner_stake")]
    public string MinMinerStake { get; set; } = "0";

    /// <summary>The most that a job may pay, in USDC. The default value is "10000".</summary>
    [ConfigurationKeyName("max_job_amount")]
    public string MaxJobAmount { get; set; } = "10000";

    /// <summary>The least that a job must pay, in USDC; "0": nothing. The default value is "0.001".</summary>
    [ConfigurationKeyName("min_job_amount")]
    public string MinJobAmount { get; set; } = "0.001";

    /// <summary>
    /// The most that one client may owe, in USDC: its open jobs, and those decided in epochs that are not sealed. At least
    /// <see cref="MaxJobAmount"/>. The default value is "10000".
    /// </summary>
    [ConfigurationKeyName("max_unpaid_per_client")]
    public string MaxUnpaidPerClient { get; set; } = "10000";

    /// <summary>
    /// Seconds that a waiting job is kept for miners that have done work for its client, while one of them waits for work; 0 (not at all)
    /// to 60. The default value is 2.
    /// </summary>
    [ConfigurationKeyName("head_start_seconds")]
    public int HeadStartSeconds { get; set; } = 2;

    /// <summary>Bytes of an input that a job may have; the daemon fetches it before it takes the job. Must be between 1 and 1 GiB. The default value is 16 MiB.</summary>
    [ConfigurationKeyName("max_input_bytes")]
    public int MaxInputBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Attempts at a job before it fails; must be between 1 and 100. The default value is 3.</summary>
    [ConfigurationKeyName("max_attempts")]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Seconds that one attempt may run at most, renewals included; must be between 1 and 604,800. The default value is 3600.</summary>
    [ConfigurationKeyName("max_attempt_seconds")]
    public int MaxAttemptSeconds { get; set; } = 3600;

    /// <summary>Claims that one miner may hold at a time; must be between 1 and 1000. The default value is 4.</summary>
    [ConfigurationKeyName("claims_per_miner")]
    public int ClaimsPerMiner { get; set; } = 4;

    /// <summary>Seconds that a miner may not claim a client's jobs after a claim on one expired (doubling in a row, up to an hour); 0 to 3600. The default value is 60.</summary>
    [ConfigurationKeyName("cool_down_seconds")]
    public int CoolDownSeconds { get; set; } = 60;

    /// <summary>Jobs that one client may have open at a time; must be between 1 and 10,000,000. The default value is 100,000.</summary>
    [ConfigurationKeyName("jobs_per_client")]
    public int JobsPerClient { get; set; } = 100_000;

    /// <summary>Jobs held at a time; must be between 1 and 10,000,000. The default value is 1,000,000.</summary>
    [ConfigurationKeyName("max_jobs")]
    public int MaxJobs { get; set; } = 1_000_000;

    /// <summary>Miners registered at a time; must be between 1 and 1,000,000. The default value is 100,000.</summary>
    [ConfigurationKeyName("max_miners")]
    public int MaxMiners { get; set; } = 100_000;

    /// <summary>Bytes of an output that the daemon fetches to verify it; must be between 1 and 256 MiB. The default value is 16 MiB.</summary>
    [ConfigurationKeyName("max_output_bytes")]
    public int MaxOutputBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Seconds that a fetch of a stranger's content may take; must be between 1 and 600. The default value is 30.</summary>
    [ConfigurationKeyName("fetch_seconds")]
    public int FetchSeconds { get; set; } = 30;

    /// <summary>Seconds that a verifier or a settlement policy may take; must be between 1 and 600. The default value is 60.</summary>
    [ConfigurationKeyName("policy_seconds")]
    public int PolicySeconds { get; set; } = 60;

    /// <summary>Seconds between published states, when something changed; must be between 1 and 60. The default value is 10.</summary>
    [ConfigurationKeyName("state_seconds")]
    public int StateSeconds { get; set; } = 10;

    /// <summary>
    /// Sealed epochs whose jobs, inputs, proofs and outputs stay pinned; must be between 1 and 10,000. Those of older epochs
    /// are unpinned; the epochs themselves stay. The default value is 24.
    /// </summary>
    [ConfigurationKeyName("keep_epochs")]
    public int KeepEpochs { get; set; } = 24;

    /// <summary>
    /// Messages a second that one transport peer may send (twice as many at once); must be between 1 and 1,000,000. A pointer and the
    /// snapshot that it points to are one message. The default value is 5000.
    /// </summary>
    [ConfigurationKeyName("peer_rate")]
    public int PeerRate { get; set; } = 5000;

    /// <summary>
    /// Validly signed messages a second that one name may send (twice as many at once); must be between 1 and 1,000,000. A fifth of it until
    /// some miner has done work for it, or a proof of it was taken. The default value is 500.
    /// </summary>
    [ConfigurationKeyName("name_rate")]
    public int NameRate { get; set; } = 500;

    /// <summary>
    /// Whether the daemon stands by while another leads: it applies the journal as it grows and takes over when the other's lease lapses.
    /// The default value is false: a daemon that finds the journal held ends (SP4001).
    /// </summary>
    [ConfigurationKeyName("standby")]
    public bool Standby { get; set; }

    /// <summary>
    /// Seconds that the lease on the journal lives without renewal (a third of it passes between two): how long a pool stands still at most,
    /// and half of that more, when its leader dies; must be between 1 and 300. A journal that is locked by the operating system
    /// is free the moment its process ends. The default value is 10.
    /// </summary>
    [ConfigurationKeyName("lease_seconds")]
    public int LeaseSeconds { get; set; } = 10;

    /// <summary>
    /// How this daemon is named to those who ask who leads, at most 100 characters; each daemon of a pool needs another.
    /// Empty, the default value: the machine's name and the process's number.
    /// </summary>
    [ConfigurationKeyName("instance")]
    public string Instance { get; set; } = "";

    /// <summary>
    /// A record that the operator vouches for, as <c>812:</c> and the 64 hex digits of its hash ('swarmpool status' shows the last one's): records
    /// up to it are applied as they are. The daemon asks for it (SP4009) when what lies after the last state that the pool has signed is not
    /// what a daemon would have written, or can't be asked for again. Empty, the default value: none. Once a later state is published it does nothing.
    /// </summary>
    [ConfigurationKeyName("accept_journal_head")]
    public string AcceptJournalHead { get; set; } = "";

    /// <summary>The same as a head; empty when there is none.</summary>
    internal JournalHead AcceptedHead => HeadText.TryParse(AcceptJournalHead, out var head) ? head : JournalHead.Empty;

    /// <summary>
    /// The models that jobs may ask for, each pack's CID by its alias, at most 64 of 64 characters: a job names the alias or the CID, and is done by that
    /// pack alone. Empty, the default value: any model that a miner offers. In configuration an object; a list there is a miner's.
    /// </summary>
    [ConfigurationKeyName("models")]
    public IDictionary<string, string> Models { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// What judges and compares answers: "hashes" (pays for any answer), "exact", "tolerance", "audited-tokens/1" or "by-model"; docs/verification.md has what
    /// each asks. Empty, the default value: a plugin's verifier where one fills the slot, else "hashes".
    /// </summary>
    [ConfigurationKeyName("verifier")]
    public string Verifier { get; set; } = "";

    /// <summary>
    /// What jobs for a model have to pay at least for what is counted, by the model's alias or name, at most 64:
    /// <c>base=0.001,input_tokens=0.00005,output_tokens=0.0002</c>, in USDC, for the job, 1,000 tokens, a second (<c>seconds</c>), a picture (<c>pictures</c>);
    /// a base below <see cref="MinJobAmount"/> is that. Jobs with a fixed price are not taken for these models. Empty, the default value: jobs offer what they like.
    /// </summary>
    [ConfigurationKeyName("prices")]
    public IDictionary<string, string> Prices { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where the signatures come from; in configuration the keys <c>operator_private_key</c>, <c>operator_key_file</c> and so on.</summary>
    public SignerOptions Signer { get; set; } = new();

    /// <summary>
    /// A file with the delegation by which the key signs, when it is a session key and not the name's own. No secret. The default value
    /// is none.
    /// </summary>
    [ConfigurationKeyName("delegation_file")]
    public string? DelegationFile { get; set; }

    string IRoleOptions.Party => $"the pool {PoolEns}";

    string IRoleOptions.SignerPrefix => "operator_";

    void IRoleOptions.Bind(IConfiguration configuration)
    {
        configuration.Bind(this);
        Models = ModelAliases.Read(configuration.GetSection("models")) ?? Models;
        Prices = ModelAliases.Read(configuration.GetSection("prices")) ?? Prices;
    }
}

/// <summary>Checks the daemon's options, all at once.</summary>
internal sealed class DaemonOptionsValidator : IValidateOptions<DaemonOptions>
{
    public ValidateOptionsResult Validate(string? name, DaemonOptions options)
    {
        var problems = new List<string>();
        if (!EnsName.TryParse(options.PoolEns, out _, out var reason))
        {
            problems.Add($"pool_ens: {reason}");
        }

        if (options.OperationsEns.Length > 0 && !EnsName.TryParse(options.OperationsEns, out _, out reason))
        {
            problems.Add($"operations_ens: {reason}");
        }

        if (!Usdc.TryParse(options.MinMinerStake, out _))
        {
            problems.Add($"min_miner_stake: '{options.MinMinerStake}' is not an amount of USDC, like \"0\" or \"25.5\"");
        }

        Usdc? most = Usdc.TryParse(options.MaxJobAmount, out var parsed) ? parsed : null;
        if (most is null)
        {
            problems.Add($"max_job_amount: '{options.MaxJobAmount}' is not an amount of USDC, like \"10000\"");
        }

        if (!Usdc.TryParse(options.MinJobAmount, out var least))
        {
            problems.Add($"min_job_amount: '{options.MinJobAmount}' is not an amount of USDC, like \"0.001\"");
        }
        else if (most is not null && least > most)
        {
            problems.Add($"min_job_amount: {options.MinJobAmount} is more than max_job_amount ({options.MaxJobAmount})");
        }

        if (!Usdc.TryParse(options.MaxUnpaidPerClient, out var unpaid))
        {
            problems.Add($"max_unpaid_per_client: '{options.MaxUnpaidPerClient}' is not an amount of USDC, like \"10000\"");
        }
        else if (most is not null && unpaid < most)
        {
            problems.Add($"max_unpaid_per_client: {options.MaxUnpaidPerClient} is less than max_job_amount ({options.MaxJobAmount}), so that no client could send such a job");
        }

        if (options.Instance.Length > 100 || options.Instance.Any(char.IsControl))
        {
            problems.Add("instance: must be at most 100 characters on one line");
        }

        if (options.AcceptJournalHead.Length > 0 && !HeadText.TryParse(options.AcceptJournalHead, out _))
        {
            problems.Add($"accept_journal_head: '{options.AcceptJournalHead}' is not a record's number, a colon and the 64 hex digits of its hash, as 'swarmpool status' shows them");
        }

        if (options.Verifier.Length > 0 && BuiltInVerifiers.Make(options.Verifier) is null)
        {
            problems.Add($"verifier: there is no '{options.Verifier}'; those that ship are {BuiltInVerifiers.Names}. A plugin's is used by naming the plugin under plugins:use");
        }

        ModelAliases.Check(problems, options.Models);
        ModelPrices.Check(problems, options.Prices, options.Models);
        OptionRange.Check(problems, "epoch_duration_seconds", options.EpochDurationSeconds, 1, 604_800);
        OptionRange.Check(problems, "claim_timeout_seconds", options.ClaimTimeoutSeconds, 1, 86_400);
        OptionRange.Check(problems, "max_attempts", options.MaxAttempts, 1, 100);
        OptionRange.Check(problems, "max_attempt_seconds", options.MaxAttemptSeconds, 1, 604_800);
        OptionRange.Check(problems, "claims_per_miner", options.ClaimsPerMiner, 1, 1000);
        OptionRange.Check(problems, "cool_down_seconds", options.CoolDownSeconds, 0, 3600);
        OptionRange.Check(problems, "jobs_per_client", options.JobsPerClient, 1, 10_000_000);
        OptionRange.Check(problems, "max_jobs", options.MaxJobs, 1, 10_000_000);
        OptionRange.Check(problems, "max_miners", options.MaxMiners, 1, 1_000_000);
        OptionRange.Check(problems, "max_output_bytes", options.MaxOutputBytes, 1, 268_435_456);
        OptionRange.Check(problems, "max_input_bytes", options.MaxInputBytes, 1, 1_073_741_824);
        OptionRange.Check(problems, "head_start_seconds", options.HeadStartSeconds, 0, 60);
        OptionRange.Check(problems, "fetch_seconds", options.FetchSeconds, 1, 600);
        OptionRange.Check(problems, "policy_seconds", options.PolicySeconds, 1, 600);
        OptionRange.Check(problems, "state_seconds", options.StateSeconds, 1, 60);
        OptionRange.Check(problems, "keep_epochs", options.KeepEpochs, 1, 10_000);
        OptionRange.Check(problems, "peer_rate", options.PeerRate, 1, 1_000_000);
        OptionRange.Check(problems, "name_rate", options.NameRate, 1, 1_000_000);
        OptionRange.Check(problems, "lease_seconds", options.LeaseSeconds, 1, 300);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
