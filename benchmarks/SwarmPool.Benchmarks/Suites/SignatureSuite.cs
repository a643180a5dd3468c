using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SwarmPool.Identity;
using SwarmPool.Load;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Benchmarks.Suites;

/// <summary>Signing and recovering, by each engine.</summary>
[MemoryDiagnoser]
public class SignatureSuite
{
    private readonly byte[] key = SHA256.HashData("a key"u8);
    private readonly byte[] hash = SHA256.HashData("a hash"u8);
    private readonly byte[] signature = new byte[65];
    private readonly byte[] room = new byte[65];
    private ISignatureEngine engine = SignatureEngines.Managed;

    [Params(Engines.NativeName, Engines.ManagedName)]
    public string Engine { get; set; } = Engines.NativeName;

    [GlobalSetup]
    public void Setup()
    {
        engine = Engines.Of(Engine);
        engine.Sign(key, hash, signature);
    }

    [Benchmark]
    public void Sign() => engine.Sign(key, hash, room);

    [Benchmark]
    public EthAddress Recover() => engine.TryRecover(hash, signature, out var address) ? address : throw new InvalidOperationException("It does not recover.");
}
