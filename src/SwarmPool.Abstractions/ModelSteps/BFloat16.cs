using System.Globalization;

namespace SwarmPool.ModelSteps;

/// <summary>A 16-bit floating-point number: the upper half of a <see cref="float"/>.</summary>
/// <param name="Bits">Its bits: sign, 8 of exponent, 7 of fraction.</param>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>The nearest one, ties to even; NaN stays NaN.</summary>
    /// <param name="value">The number.</param>
    public static BFloat16 From(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? new BFloat16((ushort)((bits >> 16) | 0x40))
            : new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>The same number as a <see cref="float"/>; nothing is lost.</summary>
    public float ToSingle() => BitConverter.UInt32BitsToSingle((uint)Bits << 16);

    /// <summary>The number as its <see cref="float"/> is written, in the invariant culture.</summary>
    public override string ToString() => ToSingle().ToString("R", CultureInfo.InvariantCulture);
}
