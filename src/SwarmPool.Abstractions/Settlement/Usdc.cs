using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using SwarmPool.Snapshots;

namespace SwarmPool.Settlement;

/// <summary>
/// An amount of USDC in whole micro-units (1 USDC = 1,000,000 micro-USDC; USDC has 6 places).
/// Never negative. On the wire a decimal string with at most 6 places ("0.1", "12", "0.000001"):
/// no sign, no exponent, no NaN, no leading zeros but "0".
/// </summary>
/// <remarks>Immutable; thread-safe. Arithmetic is checked: an overflow or a negative difference throws <see cref="OverflowException"/>.</remarks>
[JsonConverter(typeof(UsdcJsonConverter))]
public readonly record struct Usdc : IComparable<Usdc>
{
    /// <summary>Micro-units in one USDC.</summary>
    public const long MicroPerUnit = 1_000_000;

    /// <summary>The most that any amount may be: 10^15 micro-USDC (one thousand million USDC).</summary>
    public const long MaxMicro = 1_000_000_000_000_000;

    private Usdc(long micro) => Micro = micro;

    /// <summary>The amount in micro-USDC; 0 to 2^63-1 for sums, at most <see cref="MaxMicro"/> when parsed.</summary>
    public long Micro { get; }

    /// <summary>Zero.</summary>
    public static Usdc Zero => default;

    /// <summary>Makes an amount from micro-units.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="micro"/> is negative.</exception>
    public static Usdc FromMicro(long micro)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(micro);
        return new Usdc(micro);
    }

    /// <summary>Reads the wire form. False for anything that is not exactly it, or more than <see cref="MaxMicro"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Usdc value)
    {
        value = default;
        if (text is null || text.Length is 0 or > 24)
        {
            return false;
        }

        long whole = 0;
        var i = 0;
        for (; i < text.Length && char.IsAsciiDigit(text[i]); i++)
        {
            whole = (whole * 10) + (text[i] - '0');
            if (whole > MaxMicro / MicroPerUnit)
            {
                return false;
            }
        }

        if (i == 0 || (i > 1 && text[0] == '0'))
        {
            return false;
        }

        long fraction = 0;
        if (i < text.Length)
        {
            var places = text.Length - i - 1;
            if (text[i] != '.' || places is 0 or > 6)
            {
                return false;
            }

            for (i++; i < text.Length; i++)
            {
                if (!char.IsAsciiDigit(text[i]))
                {
                    return false;
                }

                fraction = (fraction * 10) + (text[i] - '0');
            }

            for (; places < 6; places++)
            {
                fraction *= 10;
            }
        }

        var micro = (whole * MicroPerUnit) + fraction;
        if (micro > MaxMicro)
        {
            return false;
        }

        value = new Usdc(micro);
        return true;
    }

    /// <summary>Reads the wire form.</summary>
    /// <exception cref="FormatException">The text is not an amount.</exception>
    public static Usdc Parse(string text) => TryParse(text, out var value)
        ? value
        : throw new FormatException($"'{text}' is not an amount of USDC: digits, then at most 6 decimal places, no sign, no exponent.");

    /// <summary>The wire form: the shortest decimal, e.g. "0.075".</summary>
    public override string ToString()
    {
        var whole = (Micro / MicroPerUnit).ToString(CultureInfo.InvariantCulture);
        var fraction = Micro % MicroPerUnit;
        return fraction == 0
            ? whole
            : whole + "." + fraction.ToString("D6", CultureInfo.InvariantCulture).TrimEnd('0');
    }

    /// <inheritdoc/>
    public int CompareTo(Usdc other) => Micro.CompareTo(other.Micro);

    /// <summary>Sum; checked.</summary>
    public static Usdc operator +(Usdc a, Usdc b) => new(checked(a.Micro + b.Micro));

    /// <summary>Difference; throws <see cref="OverflowException"/> when it would be negative.</summary>
    public static Usdc operator -(Usdc a, Usdc b) => a.Micro >= b.Micro
        ? new(a.Micro - b.Micro)
        : throw new OverflowException($"{a} - {b} would be negative; amounts never are.");

    /// <summary>Order by amount.</summary>
    public static bool operator <(Usdc a, Usdc b) => a.Micro < b.Micro;

    /// <summary>Order by amount.</summary>
    public static bool operator >(Usdc a, Usdc b) => a.Micro > b.Micro;

    /// <summary>Order by amount.</summary>
    public static bool operator <=(Usdc a, Usdc b) => a.Micro <= b.Micro;

    /// <summary>Order by amount.</summary>
    public static bool operator >=(Usdc a, Usdc b) => a.Micro >= b.Micro;
}
