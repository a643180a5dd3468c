using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Runtime.Client;

/// <summary>What a client is set to.</summary>
public sealed class ClientOptions : IRoleOptions
{
    /// <summary>The client's name, e.g. "clinic.clientswarm.eth". Needed.</summary>
    [ConfigurationKeyName("client_ens")]
    public string ClientEns { get; set; } = "";

    /// <summary>The pool's name. The default value is "swarmpool.eth".</summary>
    [ConfigurationKeyName("pool_ens")]
    public string PoolEns { get; set; } = "swarmpool.eth";

    /// <summary>The largest output to fetch, in bytes; must be between 1 and 1 GiB. The default value is 16 MiB.</summary>
    [ConfigurationKeyName("max_output_bytes")]
    public int MaxOutputBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// Seconds between repetitions of a job that the pool has accepted, which ask what became of it in case an announcement
    /// got lost; must be between 1 and 300. The default value is 15.
    /// </summary>
    [ConfigurationKeyName("repeat_seconds")]
    public int RepeatSeconds { get; set; } = 15;

    /// <summary>Seconds beyond a job's deadline that the pool's last word is waited for; must be between 0 and 3600. The default value is 60.</summary>
    [ConfigurationKeyName("patience_seconds")]
    public int PatienceSeconds { get; set; } = 60;

    /// <summary>Jobs that may be under way at a time; must be between 1 and 1,000,000. The default value is 10,000.</summary>
    [ConfigurationKeyName("max_jobs_under_way")]
    public int MaxJobsUnderWay { get; set; } = 10_000;

    /// <summary>
    /// Seconds that a job, or a cancellation, waits for a client that is not connected; then it fails with SP5003. Must be between 0 (not at
    /// all) and 3600. The default value is 30.
    /// </summary>
    [ConfigurationKeyName("connect_seconds")]
    public int ConnectSeconds { get; set; } = 30;

    /// <summary>Where the signatures come from; in configuration the keys <c>client_private_key</c>, <c>client_key_file</c> and so on.</summary>
    public SignerOptions Signer { get; set; } = new();

    /// <summary>
    /// A file with the delegation by which the key signs, when it is a session key and not the name's own. No secret. The default value
    /// is none.
    /// </summary>
    [ConfigurationKeyName("delegation_file")]
    public string? DelegationFile { get; set; }

    string IRoleOptions.Party => $"the client {ClientEns}";

    string IRoleOptions.SignerPrefix => "client_";

    void IRoleOptions.Bind(IConfiguration configuration) => configuration.Bind(this);
}

/// <summary>Checks the client's options, all at once.</summary>
internal sealed class ClientOptionsValidator : IValidateOptions<ClientOptions>
{
    public ValidateOptionsResult Validate(string? name, ClientOptions options)
    {
        var problems = new List<string>();
        if (!EnsName.TryParse(options.ClientEns, out _, out var reason))
        {
            problems.Add($"client_ens: {reason}; set it to this client's own name, like clinic.clientswarm.eth");
        }

        if (!EnsName.TryParse(options.PoolEns, out _, out reason))
        {
            problems.Add($"pool_ens: {reason}");
        }

        OptionRange.Check(problems, "max_output_bytes", options.MaxOutputBytes, 1, 1_073_741_824);
        OptionRange.Check(problems, "repeat_seconds", options.RepeatSeconds, 1, 300);
        OptionRange.Check(problems, "patience_seconds", options.PatienceSeconds, 0, 3600);
        OptionRange.Check(problems, "connect_seconds", options.ConnectSeconds, 0, 3600);
        OptionRange.Check(problems, "max_jobs_under_way", options.MaxJobsUnderWay, 1, 1_000_000);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
