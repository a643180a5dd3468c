using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Messaging;

/// <summary>Refusals that pass by themselves: the same request may go through a little later.</summary>
internal static class PassingRefusals
{
    public static bool Contains(string code) => code is
        ErrorCodes.NameUnavailable or ErrorCodes.NameDisputed or ErrorCodes.DelegationUnavailable or ErrorCodes.PeerRate or ErrorCodes.NameRate or ErrorCodes.QueueFull or ErrorCodes.PoolFull or ErrorCodes.ClientPause
        or ErrorCodes.ContentNotFound or ErrorCodes.ContentUnavailable or ErrorCodes.OutputUnavailable or ErrorCodes.VerifierFailed or ErrorCodes.DrawImpossible or ErrorCodes.RevealTooEarly;
}
