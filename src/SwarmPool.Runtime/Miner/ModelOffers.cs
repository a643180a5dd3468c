using System.Text;
using SwarmPool.Inference;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// What the miner says of its models when it registers: what its backend reports, what its own runs took, and the least that it takes. A model
/// is told of by each name that it is registered by.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ModelOffers(MinerOffer offer, Usdc minPrice)
{
    // What one registration may carry besides names: it is a snapshot of at most 64 KiB, which 256 long names fill half of.
    private const int MostBytes = 16_384;
    private const int NumbersBytes = 200;
    private const int LongestText = 128;

    private readonly Lock gate = new();
    private readonly RunTimes times = new();
    private readonly Dictionary<string, NumericClass> learned = new(StringComparer.Ordinal);
    private IReadOnlyList<ModelDescription> described = offer.Described;
    private IReadOnlyList<DeviceDescription> devices = offer.Devices;
    private IReadOnlyList<ModelOffer> said = [];
    private volatile MinerOffer offered = offer;

    /// <summary>The least that a job has to pay; zero: nothing.</summary>
    public Usdc MinPrice => minPrice;

    /// <summary>What there is to say now, of as many models as a registration has room for; null when it is nothing.</summary>
    public IReadOnlyList<ModelOffer>? Now()
    {
        var (offers, bytes) = (new List<ModelOffer>(), 0);
        foreach (var (name, model) in offered.Named)
        {
            var one = Make(name, model);
            bytes += NumbersBytes + LengthOf(one.Model) + LengthOf(one.Device) + LengthOf(one.Precision) + LengthOf(one.Runtime);
            if (one == new ModelOffer(name))
            {
                continue;
            }

            if (bytes > MostBytes)
            {
                break;
            }

            offers.Add(one);
        }

        return offers.Count > 0 ? offers : null;
    }

    /// <summary>Says nothing more of the models that are not among these.</summary>
    public void Narrow(MinerOffer left) => offered = left;

    /// <summary>Takes note of what was registered: by that the pool judges.</summary>
    public void Said(IReadOnlyList<ModelOffer>? offers)
    {
        lock (gate)
        {
            said = offers ?? [];
        }
    }

    /// <summary>What was registered of a model; null when nothing.</summary>
    public ModelOffer? SaidOf(string model)
    {
        lock (gate)
        {
            return said.FirstOrDefault(one => one.Model == model);
        }
    }

    /// <summary>Whether there is something to say that the pool does not know: anything but that a model has been loaded, or takes up to a quarter more or less time.</summary>
    public bool HasNews()
    {
        var now = Now() ?? [];
        lock (gate)
        {
            return now.Count != said.Count || now.Zip(said).Any(static pair => Differ(pair.First, pair.Second));
        }
    }

    /// <summary>A run has ended well.</summary>
    /// <param name="model">What the backend calls the model.</param>
    /// <param name="result">What it gave.</param>
    /// <param name="took">How long it took.</param>
    public void Ran(string model, InferenceResult result, TimeSpan took)
    {
        times.Add(model, took, result.Usage?.OutputTokens ?? 0);
        lock (gate)
        {
            learned[model] = result.Class;
        }
    }

    /// <summary>Takes what the backend reports now in place of what it reported before.</summary>
    public void Describe(BackendDescription now)
    {
        lock (gate)
        {
            (described, devices) = (now.Models, now.Devices);
        }
    }

    private ModelOffer Make(string name, string model)
    {
        lock (gate)
        {
            var about = described.FirstOrDefault(one => one.Name == model);
            var numeric = learned.GetValueOrDefault(model) ?? about?.Class;
            var device = devices.Count > 0 ? devices[0] : null;
            var (ms, millitokens) = times.Of(model);
            return new ModelOffer(name)
            {
                MemoryBytes = device?.MemoryBytes is > 0 and var bytes ? bytes : null,
                ContextTokens = about?.ContextLength is > 0 and var tokens ? tokens : null,
                Device = Text(numeric?.Device ?? (device?.Kind is "cpu" or "cuda" ? device.Kind : null)),
                Precision = Text(numeric?.Precision),
                Runtime = Text(numeric?.Runtime),
                Warm = about?.IsWarm == true ? true : null,
                JobMilliseconds = ms,
                MillitokensPerSecond = millitokens,
                MinPrice = minPrice > Usdc.Zero ? minPrice : null,
            };
        }
    }

    private static bool Differ(ModelOffer a, ModelOffer b) =>
        a with { Warm = null, JobMilliseconds = null, MillitokensPerSecond = null } != b with { Warm = null, JobMilliseconds = null, MillitokensPerSecond = null }
        || Differ(a.JobMilliseconds, b.JobMilliseconds)
        || Differ(a.MillitokensPerSecond, b.MillitokensPerSecond);

    private static bool Differ(long? a, long? b) => a is { } now && b is { } before ? Math.Abs(now - before) > before / 4 : a != b;

    // A plugin may call its device whatever it likes; what has no form on the wire is not said.
    private static string? Text(string? text) => text is { Length: >= 1 and <= LongestText } && !text.Any(char.IsControl) ? text : null;

    private static int LengthOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
