namespace SwarmPool.Plugins.Ens.Offchain;

/// <summary>An answer from outside the chain is unavailable.</summary>
/// <param name="passing">Whether it may be available later: then nothing is known of the name. Else the name's resolver is at fault, and the answer is no.</param>
/// <param name="message">Why, without what the gateway said.</param>
internal sealed class OffchainException(bool passing, string message) : Exception(message)
{
    public bool IsPassing => passing;
}
