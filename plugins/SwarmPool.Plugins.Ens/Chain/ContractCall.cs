using SwarmPool.Identity;

namespace SwarmPool.Plugins.Ens.Chain;

/// <summary>A call of a contract that changes nothing.</summary>
internal readonly record struct ContractCall(EthAddress To, byte[] Data);

/// <summary>What came of it: what the contract returned, or that it reverted and with what.</summary>
/// <param name="Reverted">Whether it failed: reverted, ran out of gas, or had no valid code.</param>
/// <param name="Data">What it returned, or reverted with.</param>
/// <param name="Error">What the node says of a failure, for people.</param>
internal readonly record struct ContractAnswer(bool Reverted, byte[] Data, string Error)
{
    public static ContractAnswer Returned(byte[] data) => new(false, data, "");
}
