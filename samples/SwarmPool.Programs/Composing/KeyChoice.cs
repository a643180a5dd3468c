using System.CommandLine;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Composing;

/// <summary>
/// Where the key is, by the command line or the environment. Whatever is said there replaces all that the configuration says
/// of the key.
/// </summary>
public sealed class KeyChoice
{
    private readonly Option<string?> key;
    private readonly Option<string?> keyFile = new("--key-file") { Description = "A file with the private key as hex, mode 0600.", HelpName = "FILE" };
    private readonly Option<string?> keystore = new("--keystore") { Description = "An encrypted Web3 keystore.", HelpName = "FILE" };
    private readonly Option<string?> passwordFile = new("--password-file") { Description = "A file with the keystore's password, mode 0600.", HelpName = "FILE" };
    private readonly string variable;
    private readonly string prefix;

    /// <summary>Makes the options.</summary>
    /// <param name="variable">The environment variable with the key, e.g. "MINER_PRIVATE_KEY".</param>
    /// <param name="prefix">The prefix of the configuration's keys, e.g. "miner_".</param>
    public KeyChoice(string variable, string prefix)
    {
        this.variable = variable;
        this.prefix = prefix;
        key = new Option<string?>("--key") { Description = $"The private key as hex. Every user of the machine can read it there: better {variable}, --key-file or --keystore.", HelpName = "HEX" };
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(key);
        command.Add(keyFile);
        command.Add(keystore);
        command.Add(passwordFile);
    }

    /// <summary>What the configuration is overridden with. Warns of a key on the command line.</summary>
    public IReadOnlyDictionary<string, string?> Overrides(ProgramContext context, ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(parsed);
        var typed = parsed.GetValue(key);
        if (!string.IsNullOrEmpty(typed))
        {
            context.Error.Line(
                $"! {ErrorCodes.KeyOnCommandLine}: The key is on the command line, where every user of this machine can read it. Give it by {variable}, --key-file or --keystore, and replace that key: it has been shown.",
                Tone.Warn,
                hang: 2);
        }

        return Replace(
            prefix,
            string.IsNullOrEmpty(typed) && parsed.GetValue(keyFile) is null && parsed.GetValue(keystore) is null ? context.Environment(variable) : typed,
            Full(context, parsed.GetValue(keyFile)),
            Full(context, parsed.GetValue(keystore)),
            Full(context, parsed.GetValue(passwordFile)));
    }

    /// <summary>The key from an environment variable alone, for a program without key options.</summary>
    public static IReadOnlyDictionary<string, string?> FromEnvironment(ProgramContext context, string variable, string prefix)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Replace(prefix, context.Environment(variable), null, null, null);
    }

    private static Dictionary<string, string?> Replace(string prefix, string? key, string? keyFile, string? keystore, string? passwordFile)
    {
        var said = new Dictionary<string, string?>();
        if (!string.IsNullOrEmpty(key) || keyFile is not null || keystore is not null)
        {
            said[prefix + "private_key"] = key ?? "";
            said[prefix + "key_file"] = keyFile ?? "";
            said[prefix + "keystore"] = keystore ?? "";
            said[prefix + "signer_command"] = "";
            said[prefix + "signer_socket"] = "";
        }

        if (passwordFile is not null)
        {
            said[prefix + "password_file"] = passwordFile;
        }

        return said;
    }

    private static string? Full(ProgramContext context, string? typed) => typed is null ? null : context.PathOf(typed);
}
