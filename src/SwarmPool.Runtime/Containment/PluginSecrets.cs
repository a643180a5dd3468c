using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SwarmPool.Inference;
using SwarmPool.Plugins;
using SwarmPool.Protocol.Errors;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Containment;

/// <summary>The secrets of a host's configuration, which no text may show that comes out of a plugin.</summary>
/// <remarks>Thread-safe. What a plugin reads from a file of its own it alone knows, and takes out itself.</remarks>
internal static partial class PluginSecrets
{
    /// <summary>Knows each value whose key says that it is secret, and what is secret in all others.</summary>
    public static Redactor Of(IConfiguration configuration)
    {
        // The environment of a host's own has URLs of its own, which are no plugin's.
        var values = configuration.AsEnumerable().Where(static entry => !string.IsNullOrEmpty(entry.Value)).ToList();
        return Redactor.For(values.Where(static entry => entry.Key.StartsWith("plugins:", StringComparison.OrdinalIgnoreCase)).Select(static entry => entry.Value), values.Where(static entry => SecretKey().IsMatch(entry.Key)).Select(static entry => entry.Value));
    }

    /// <summary>What a slot's contract lets be thrown, without secrets: the exception itself when there are none.</summary>
    public static Exception Clean(Redactor secrets, Exception thrown) => secrets.Clean(thrown) == thrown
        ? thrown
        : Reworded(thrown, secrets.Clean(thrown.Message));

    private static Exception Reworded(Exception thrown, string message) => thrown switch
    {
        TransportException transport => new TransportException(transport.Fault, message),
        JournalException journal => new JournalException(journal.Fault, message),
        InferenceException => new InferenceException(message),
        SwarmPoolException own => new SwarmPoolException(own.Code, message),
        Microsoft.Extensions.Options.OptionsValidationException options => new Microsoft.Extensions.Options.OptionsValidationException(options.OptionsName, options.OptionsType, [message]),
        _ => new InvalidOperationException($"{thrown.GetType().Name}: {message}"),
    };

    // password, but not password_file: that one is a path.
    [GeneratedRegex("(?:^|[:_])(?:password|passwd|pwd|secret|token|auth|api_?key|access_?key|private_?key|credentials?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretKey();
}
