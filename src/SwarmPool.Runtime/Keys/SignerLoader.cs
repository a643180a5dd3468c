using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Keys.Remote;
using SwarmPool.Runtime.Signatures;

namespace SwarmPool.Runtime.Keys;

/// <summary>Makes the signer that the options name: of a key that is loaded here, or of one that lives elsewhere.</summary>
/// <remarks>Thread-safe.</remarks>
public static class SignerLoader
{
    /// <summary>Makes a signer. A remote one is reached with the first text.</summary>
    /// <param name="options">Where the key is.</param>
    /// <param name="time">The clock for a remote signer's patience.</param>
    /// <returns>A signer; who gets it disposes of it.</returns>
    /// <exception cref="SwarmPoolException">As <see cref="KeyLoader.Load"/>; SP1202 too where a remote signer's account is missing or wrong.</exception>
    public static ISigner Load(KeyOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var (command, socket) = (options.SignerCommand, options.SignerSocket);
        if (string.IsNullOrEmpty(command) && string.IsNullOrEmpty(socket))
        {
            return KeyLoader.Load(options);
        }

        if (new[] { command, socket, options.Key, options.KeyFile, options.Keystore }.Count(static source => !string.IsNullOrEmpty(source)) > 1)
        {
            throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"There is more than one signer for {options.What}: name one of signer command, signer socket, keystore, key file and environment variable.");
        }

        if (!EthAddress.TryParse(options.SignerAccount ?? "", out var account))
        {
            throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"The remote signer of {options.What} needs its account: 0x and 40 hex digits, not '{options.SignerAccount}'.");
        }

        return string.IsNullOrEmpty(command)
            ? new RemoteSigner(options.What, socket!, account, stop => SignerLine.ToSocketAsync(socket!, stop), SignatureEngines.Best, time)
            : new RemoteSigner(options.What, command, account, _ => ValueTask.FromResult(SignerLine.ToCommand(command)), SignatureEngines.Best, time);
    }
}
