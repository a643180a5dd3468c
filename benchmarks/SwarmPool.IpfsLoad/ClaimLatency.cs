using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Transport;

namespace SwarmPool.IpfsLoad;

/// <summary>Claims and bare round trips, one after the other on the same nodes, so that both have the same machine.</summary>
internal static class ClaimLatency
{
    // About what an announcement and a claim have.
    private const int MessageBytes = 700;
    private const int WarmUp = 10;

    public static async Task RunAsync(Stage stage, int pairs, TextWriter output)
    {
        await using var there = await stage.AtMiner.PubSub.SubscribeAsync("/bare/there", default);
        await using var back = await stage.AtDaemon.PubSub.SubscribeAsync("/bare/back", default);
        var echo = EchoAsync(stage.AtMiner, there);
        await using var answers = back.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        var bare = new List<double>();
        for (var i = 0; i < WarmUp + pairs; i++)
        {
            bare.Add(await RoundTripAsync(stage.AtDaemon, answers));
            await stage.RunJobAsync();
        }

        await there.DisposeAsync();
        await echo;
        var claims = stage.Heard.Claims.Skip(WarmUp).ToList();
        bare = bare[WarmUp..];
        Write(output, "bare round trip", bare);
        Write(output, "claim (announced to accepted)", claims);
        Write(output, "claim / bare, pair by pair", [.. claims.Zip(bare, static (claim, trip) => claim / trip)]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median claim / median bare: {Median(claims) / Median(bare):0.00}"));
    }

    private static async Task EchoAsync(ITransport party, ISubscription heard)
    {
        await foreach (var message in heard.ReadAllAsync(CancellationToken.None))
        {
            await party.PubSub.PublishAsync("/bare/back", message.Payload, default);
        }
    }

    private static async Task<double> RoundTripAsync(ITransport party, IAsyncEnumerator<PubSubMessage> answers)
    {
        var message = RandomNumberGenerator.GetBytes(MessageBytes);
        message[0] = 1;
        var began = Stopwatch.GetTimestamp();
        await party.PubSub.PublishAsync("/bare/there", message, default);
        do
        {
            await answers.MoveNextAsync();
        }
        while (!answers.Current.Payload.Span.SequenceEqual(message));

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Write(TextWriter output, string what, List<double> values)
    {
        var sorted = values.Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {sorted.Count}, median {Median(values):0.00}, quartiles {sorted[sorted.Count / 4]:0.00}-{sorted[sorted.Count * 3 / 4]:0.00}, range {sorted[0]:0.00}-{sorted[^1]:0.00}"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
