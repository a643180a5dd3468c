using System.Globalization;
using System.Security.Cryptography;
using Nethereum.Signer;
using SwarmPool.Load.Measuring;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Benchmarks.Timed;

/// <summary>What a signature costs by each library that makes them: CPU of the thread, so that other work on the machine weighs little.</summary>
/// <remarks>All in one process and in turns, medians of the rounds. Nethereum is there since people look for it; nothing here signs by it.</remarks>
internal static class EngineTimes
{
    private const int Rounds = 13;

    private static readonly byte[] Key = SHA256.HashData("a key"u8);
    private static readonly byte[] Hash = SHA256.HashData("a hash"u8);

    public static void Run(TextWriter output)
    {
        List<Contender> all =
        [
            Of("Secp256k1.Net (native)", SignatureEngines.Native ?? throw new InvalidOperationException(SignatureEngines.Description), 2_000),
            Of("NBitcoin.Secp256k1 (managed)", SignatureEngines.Managed, 500),
            Nethereum("Nethereum.Signer, as it comes", fast: false, 40),
            Nethereum("Nethereum.Signer, SignRecoverable", fast: true, 300),
        ];
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var one in all)
            {
                var cost = (Measure(one.Sign, one.Times), Measure(one.Recover, one.Times));
                if (round >= 0) // The one before warms up.
                {
                    one.Costs.Add(cost);
                }
            }
        }

        output.WriteLine("| engine | sign, µs | bytes | recover, µs | bytes |\n|---|---|---|---|---|");
        foreach (var one in all)
        {
            var (sign, recover) = (Median(one.Costs.Select(static cost => cost.Sign)), Median(one.Costs.Select(static cost => cost.Recover)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {one.Name} | {sign.Micros:N1} | {sign.Bytes:N0} | {recover.Micros:N1} | {recover.Bytes:N0} |"));
        }
    }

    private static Contender Of(string name, ISignatureEngine engine, int times)
    {
        var (signature, room) = (new byte[65], new byte[65]);
        engine.Sign(Key, Hash, signature);
        return new Contender(name, times, () => engine.Sign(Key, Hash, room), () => engine.TryRecover(Hash, signature, out _), []);
    }

    // Keys are made once, as they would be.
    private static Contender Nethereum(string name, bool fast, int times)
    {
        var key = new EthECKey(Key, isPrivate: true);
        var signature = key.SignAndCalculateV(Hash);
        return new Contender(name, times, () => InMode(() => key.SignAndCalculateV(Hash)), () => InMode(() => EthECKey.RecoverFromSignature(signature, Hash)), []);

        void InMode(Func<object> act)
        {
            EthECKey.SignRecoverable = fast;
            act();
        }
    }

    private static (double Micros, double Bytes) Measure(Action act, int times)
    {
        var (bytes, start) = (GC.GetAllocatedBytesForCurrentThread(), ThreadCpu.Now);
        for (var i = 0; i < times; i++)
        {
            act();
        }

        return ((ThreadCpu.Now - start).TotalMicroseconds / times, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)times);
    }

    private static (double Micros, double Bytes) Median(IEnumerable<(double Micros, double Bytes)> costs)
    {
        var sorted = costs.OrderBy(static cost => cost.Micros).ToList();
        return sorted[sorted.Count / 2];
    }

    private sealed record Contender(string Name, int Times, Action Sign, Action Recover, List<((double Micros, double Bytes) Sign, (double Micros, double Bytes) Recover)> Costs);
}
