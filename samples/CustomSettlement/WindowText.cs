using System.Globalization;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace CustomSettlement;

/// <summary>
/// The window as text that a person can read: a first line that names the form, then for each epoch, newest first, a line
/// "epoch N" and a line "name address shares" for each payee, in their order. ASCII only, so characters are bytes.
/// </summary>
internal sealed class WindowText(int maxBytes)
{
    private const string Form = "pplns/1";
    private readonly StringBuilder text = new(Form + "\n");

    /// <summary>Adds an older epoch. False when it did not fit whole; the first one is cut to what fits.</summary>
    public bool Add(EpochShares epoch)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Number}\n");
        var lines = epoch.Shares.Select(static one => (one.Key, one.Value, Line: Line(one.Key, one.Value))).ToList();
        var room = maxBytes - text.Length - head.Length;
        var fits = lines.Sum(static one => (long)one.Line.Length) <= room;
        if (!fits)
        {
            if (text.Length > Form.Length + 1)
            {
                return false;
            }

            lines = Largest(lines, room);
        }

        text.Append(head);
        foreach (var (_, _, line) in lines.OrderBy(static one => one.Key, PplnsPayeeOrder.ByNameAndAddress))
        {
            text.Append(line);
        }

        return fits;
    }

    public override string ToString() => text.ToString();

    /// <exception cref="FormatException">The state says that it is of this form, and is not: it was tampered with.</exception>
    public static IReadOnlyList<EpochShares> Read(string state)
    {
        var epochs = new List<EpochShares>();
        if (!state.StartsWith(Form + "\n", StringComparison.Ordinal))
        {
            return epochs;
        }

        var shares = new Dictionary<Payee, long>();
        foreach (var line in state[(Form.Length + 1)..].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (line.Split(' '))
            {
                case ["epoch", var number]:
                    shares = [];
                    epochs.Add(new EpochShares(Number(number), shares));
                    break;
                case [var name, var address, var amount] when epochs.Count > 0:
                    shares.Add(new Payee(EnsName.Parse(name), EthAddress.Parse(address)), Number(amount));
                    break;
                default:
                    throw new FormatException($"'{line}' is not a line of the state {Form}.");
            }
        }

        // The totals are of what was read, so each is made anew now that its shares are complete.
        return [.. epochs.Select(static epoch => new EpochShares(epoch.Number, epoch.Shares))];
    }

    private static List<(Payee Key, long Value, string Line)> Largest(List<(Payee Key, long Value, string Line)> lines, long room) =>
    [
        .. lines.OrderByDescending(static one => one.Value)
            .ThenBy(static one => one.Key, PplnsPayeeOrder.ByNameAndAddress)
            .TakeWhile(one => (room -= one.Line.Length) >= 0),
    ];

    private static string Line(Payee payee, long shares) => string.Create(CultureInfo.InvariantCulture, $"{payee.Name} {payee.Address} {shares}\n");

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
