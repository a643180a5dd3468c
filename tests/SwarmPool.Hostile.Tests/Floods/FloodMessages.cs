using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>What a flood of each kind sends.</summary>
internal sealed class FloodMessages(Flood flood, int port, string job)
{
    private const string Jobs = "/swarmpool.eth/jobs";
    private const string Claims = "/swarmpool.eth/claims";
    private const string News = "/swarmpool.eth/jobs/new";

    // To sign is dear, and a stranger's processor must not be the pool's: twice what a name that is known here may send.
    private const int SignedASecond = 1_000;

    private readonly SaidFile heard = new(SaidFile.Name);

    public void Begin(FloodKind kind)
    {
        switch (kind)
        {
            case FloodKind.SaidAgain:
                SayAgain();
                break;
            case FloodKind.UnsignedClaims:
                Forge();
                break;
            case FloodKind.SubmitAndCancel:
                Submit();
                break;
            case FloodKind.DeafSubscribers:
                Subscribe();
                break;
            case FloodKind.IdleConnections:
                flood.Idle(port, 1022);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private void SayAgain()
    {
        for (var i = 0; i < 8; i++)
        {
            var (at, said) = (i, heard.Read());
            flood.Publish(port, $"replay{i}", () =>
            {
                if (++at % 1000 == 0)
                {
                    said = heard.Read(); // With what they have said since.
                }

                return said[at % said.Count];
            });
        }
    }

    private void Forge()
    {
        var said = Encoding.UTF8.GetString(heard.Read().First(static one => one.Topic == Claims).Bytes.Span);
        var old = JsonNode.Parse(said)!["job_cid"]!.GetValue<string>();
        for (var i = 0; i < 8; i++)
        {
            var (number, begin) = (0, i);
            flood.Publish(port, $"forger{i}", () =>
            {
                // As signed once, for another job and another nonce each time: the form is right, and nobody's signature is.
                var node = JsonNode.Parse(said)!;
                node["job_cid"] = number % 2 == 0 ? job : old;
                node["nonce"] = string.Create(CultureInfo.InvariantCulture, $"{begin:x8}{number++:x24}");
                return (Claims, Encoding.UTF8.GetBytes(node.ToJsonString()));
            });
        }
    }

    private void Submit()
    {
        for (var i = 0; i < Mallory.Names; i++)
        {
            var (signer, name) = (Mallory.Signer(i), Mallory.Name(i));
            SignedSnapshot? submitted = null;
            flood.Publish(port, $"mallory{i}", Next, SignedASecond);

            (string Topic, ReadOnlyMemory<byte> Bytes) Next()
            {
                Snapshot body = submitted is null ? NewJob(name) : new CancelSnapshot
                {
                    Pool = RawPeer.Pool,
                    Network = "local",
                    Timestamp = Now,
                    Nonce = Nonce.FromRandom(),
                    Client = name,
                    JobCid = submitted.Cid,
                };
                var signed = SnapshotCodec.SignAsync(body, signer, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                submitted = submitted is null ? signed : null;
                return (Jobs, signed.Bytes);
            }
        }
    }

    private void Subscribe()
    {
        for (var i = 0; i < 32; i++)
        {
            flood.SubscribeDeaf(port, $"deaf{i}", News, Jobs, Claims);
        }

        // Something for them not to read.
        var large = new byte[200 * 1024];
        flood.Publish(port, "talks", () => (Jobs, large));
        flood.Publish(port, "talks too", () => (Jobs, large));
    }

    private static JobSnapshot NewJob(Identity.EnsName client) => new()
    {
        Pool = RawPeer.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = Nonce.FromRandom(),
        Client = client,
        JobType = "image-classification",
        Model = "digits-16",
        InputCid = Cid.OfBlock("no such input"u8),
        Payment = new JobPayment(Usdc.FromMicro(100_000)),
        Deadline = Now + 86_400,
    };
}
