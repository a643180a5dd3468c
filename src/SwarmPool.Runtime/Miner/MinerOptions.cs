using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Roles;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Miner;

/// <summary>What a miner is set to.</summary>
public sealed class MinerOptions : IRoleOptions
{
    /// <summary>The miner's name, e.g. "miner.alice.eth". Needed.</summary>
    [ConfigurationKeyName("miner_ens")]
    public string MinerEns { get; set; } = "";

    /// <summary>The pool's name. The default value is "swarmpool.eth".</summary>
    [ConfigurationKeyName("pool_ens")]
    public string PoolEns { get; set; } = "swarmpool.eth";

    /// <summary>How the miner wants to be paid: SOLO or PPS. The default value is SOLO.</summary>
    [ConfigurationKeyName("mode")]
    public MiningMode Mode { get; set; } = MiningMode.SOLO;

    /// <summary>The models to offer, an array or, in configuration, a list with commas; empty: every model that the backend has. At most 256.</summary>
    [ConfigurationKeyName("models")]
    public IList<string> Models { get; set; } = [];

    /// <summary>The GPUs to tell people of; empty: the names of the backend's devices. At most 64.</summary>
    [ConfigurationKeyName("gpus")]
    public IList<string> Gpus { get; set; } = [];

    /// <summary>
    /// The least that a job has to pay to be done here, in USDC with at most 6 places, e.g. "0.01"; "0": any. It is registered, so that the pool
    /// and clients know it. The default value is "0".
    /// </summary>
    [ConfigurationKeyName("min_price")]
    public string MinPrice { get; set; } = "0";

    /// <summary>Jobs worked on side by side; must be between 1 and 64. The default value is 1.</summary>
    [ConfigurationKeyName("parallel_jobs")]
    public int ParallelJobs { get; set; } = 1;

    /// <summary>
    /// The most models that are loaded at once, whichever plugin loads them; must be between 0 and 1024. Where another is needed, the one that was not
    /// used for longest makes room; one that is at work never does. 0 sets no limit, and what was loaded stays. The default value is 0.
    /// </summary>
    [ConfigurationKeyName("max_loaded_models")]
    public int MaxLoadedModels { get; set; }

    /// <summary>
    /// Whether the inference backend runs in a process of its own, so that what ends that process does not end the miner: always, never, or auto for one
    /// out of a plugin folder that does not lie with the program. The default value is auto.
    /// </summary>
    [ConfigurationKeyName("backend_process")]
    public BackendProcessUse BackendProcess { get; set; } = BackendProcessUse.Auto;

    /// <summary>
    /// The most bytes of memory of the backend's process, models included; more ends it (SP5224). Must be 0 or more; it counts only for a process of its
    /// own (<see cref="BackendProcess"/>). 0 sets no limit. The default value is 0.
    /// </summary>
    [ConfigurationKeyName("backend_memory_bytes")]
    public long BackendMemoryBytes { get; set; }

    /// <summary>The largest input to fetch, in bytes; must be between 1 and 1 GiB. The default value is 16 MiB.</summary>
    [ConfigurationKeyName("max_input_bytes")]
    public int MaxInputBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Seconds to wait for a job's input; must be between 1 and 3600. The default value is 60.</summary>
    [ConfigurationKeyName("input_seconds")]
    public int InputSeconds { get; set; } = 60;

    /// <summary>Seconds that one job may run here, whatever the pool allows; must be between 1 and 604,800. The default value is 3600.</summary>
    [ConfigurationKeyName("job_seconds")]
    public int JobSeconds { get; set; } = 3600;

    /// <summary>Seconds that a running job gets to end when the miner is stopped, before it is given back; must be between 0 and 3600. The default value is 20.</summary>
    [ConfigurationKeyName("drain_seconds")]
    public int DrainSeconds { get; set; } = 20;

    /// <summary>Seconds a claim may stay unanswered before the miner turns to another job; must be between 1 and 300. The default value is 30.</summary>
    [ConfigurationKeyName("claim_seconds")]
    public int ClaimSeconds { get; set; } = 30;

    /// <summary>
    /// Whether this program takes the place of another that mines under the same name: that one ends (SP3304), where else this one would. Set it for
    /// one start (<c>--take-over</c>), not for good: of two that take over the later started goes on. The default value is false.
    /// </summary>
    [ConfigurationKeyName("take_over")]
    public bool TakeOver { get; set; }

    /// <summary>
    /// The folder where finished work is kept until the pool has seen it, relative to the configuration's: a miner that was killed after it
    /// had committed to an answer shows it when it is started again. It is made when it is needed. The default value is "work".
    /// </summary>
    [ConfigurationKeyName("work_folder")]
    public string WorkFolder { get; set; } = "work";

    /// <summary>Where the signatures come from; in configuration the keys <c>miner_private_key</c>, <c>miner_key_file</c> and so on.</summary>
    public SignerOptions Signer { get; set; } = new();

    /// <summary>
    /// A file with the delegation by which the key signs, when it is a session key and not the name's own. No secret. The default value
    /// is none.
    /// </summary>
    [ConfigurationKeyName("delegation_file")]
    public string? DelegationFile { get; set; }

    string IRoleOptions.Party => $"the miner {MinerEns}";

    string IRoleOptions.SignerPrefix => "miner_";

    void IRoleOptions.Bind(IConfiguration configuration)
    {
        configuration.Bind(this);

        // The binder takes arrays; a list with commas is what people write in an environment variable or on a command line.
        Models = Listed(configuration["models"]) ?? Models;
        Gpus = Listed(configuration["gpus"]) ?? Gpus;
    }

    private static string[]? Listed(string? text) =>
        string.IsNullOrEmpty(text) ? null : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Checks the miner's options, all at once.</summary>
internal sealed class MinerOptionsValidator : IValidateOptions<MinerOptions>
{
    public ValidateOptionsResult Validate(string? name, MinerOptions options)
    {
        var problems = new List<string>();
        if (!EnsName.TryParse(options.MinerEns, out _, out var reason))
        {
            problems.Add($"miner_ens: {reason}; set it to this miner's own name, like miner.alice.eth");
        }

        if (!EnsName.TryParse(options.PoolEns, out _, out reason))
        {
            problems.Add($"pool_ens: {reason}");
        }

        if (!Enum.IsDefined(options.Mode))
        {
            problems.Add($"mode: '{options.Mode}' is no mode; set it to SOLO or PPS");
        }

        if (!Enum.IsDefined(options.BackendProcess))
        {
            problems.Add($"backend_process: '{options.BackendProcess}' is none; set it to auto, always or never");
        }

        if (options.BackendMemoryBytes < 0)
        {
            problems.Add($"backend_memory_bytes: {options.BackendMemoryBytes} is below 0; 0 is no limit");
        }

        if (options.Models.Count > 256)
        {
            problems.Add($"models: {options.Models.Count} are named; a miner offers at most 256");
        }

        if (options.Gpus.Count > 64)
        {
            problems.Add($"gpus: {options.Gpus.Count} are named; at most 64 are told");
        }

        if (string.IsNullOrWhiteSpace(options.WorkFolder))
        {
            problems.Add("work_folder: is empty; name a folder");
        }

        if (!Usdc.TryParse(options.MinPrice, out _))
        {
            problems.Add($"min_price: '{options.MinPrice}' is not an amount of USDC, like \"0\" or \"0.01\"");
        }

        OptionRange.Check(problems, "parallel_jobs", options.ParallelJobs, 1, 64);
        OptionRange.Check(problems, "max_loaded_models", options.MaxLoadedModels, 0, 1024);
        OptionRange.Check(problems, "max_input_bytes", options.MaxInputBytes, 1, 1_073_741_824);
        OptionRange.Check(problems, "input_seconds", options.InputSeconds, 1, 3600);
        OptionRange.Check(problems, "job_seconds", options.JobSeconds, 1, 604_800);
        OptionRange.Check(problems, "drain_seconds", options.DrainSeconds, 0, 3600);
        OptionRange.Check(problems, "claim_seconds", options.ClaimSeconds, 1, 300);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
