using Microsoft.Extensions.Configuration;

namespace SwarmPool.Runtime.Client;

/// <summary>What a client is set to.</summary>
public sealed class ClientOptions
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

    /// <summary>The client's private key as 64 hex digits. Give it by an environment variable, never on a command line.</summary>
    [ConfigurationKeyName("client_private_key")]
    public string? ClientPrivateKey { get; set; }

    /// <summary>A file that holds the client's private key as hex, readable by its owner alone.</summary>
    [ConfigurationKeyName("client_key_file")]
    public string? ClientKeyFile { get; set; }

    /// <summary>The client's encrypted Web3 keystore file.</summary>
    [ConfigurationKeyName("client_keystore")]
    public string? ClientKeystore { get; set; }

    /// <summary>The keystore's password.</summary>
    [ConfigurationKeyName("client_password")]
    public string? ClientPassword { get; set; }

    /// <summary>A file that holds the keystore's password.</summary>
    [ConfigurationKeyName("client_password_file")]
    public string? ClientPasswordFile { get; set; }

    /// <summary>A program, without arguments, that signs in the place of a key that is kept here: a remote signer.</summary>
    [ConfigurationKeyName("client_signer_command")]
    public string? ClientSignerCommand { get; set; }

    /// <summary>The path of the Unix domain socket at which the client's remote signer listens.</summary>
    [ConfigurationKeyName("client_signer_socket")]
    public string? ClientSignerSocket { get; set; }

    /// <summary>The account that the remote signer signs for: 0x and 40 hex digits; needed with a signer's command or socket.</summary>
    [ConfigurationKeyName("client_signer_account")]
    public string? ClientSignerAccount { get; set; }

    /// <summary>
    /// A file with the delegation by which the key signs, when it is a session key and not the name's own. No secret. The default value
    /// is none.
    /// </summary>
    [ConfigurationKeyName("delegation_file")]
    public string? DelegationFile { get; set; }
}
