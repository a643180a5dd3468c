using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;

namespace SwarmPool.Settlement;

/// <summary>
/// Somebody whom a settlement policy may pay although it neither mined nor is operations: a name, whose payout address is looked up when
/// a daemon starts, as that of operations is; or an address, which stands for itself.
/// </summary>
/// <remarks>
/// Immutable value. <c>default</c> is nobody. An address has a name too, the one that ENS has for it (ENSIP-3): its 40 hex digits and
/// ".addr.reverse". Nobody else can have that name, and nobody is asked about it.
/// </remarks>
public readonly record struct DeclaredPayee
{
    /// <summary>The most payees that a policy may declare: 16.</summary>
    public const int Most = 16;

    private DeclaredPayee(EnsName name, EthAddress? address) => (Name, Address) = (name, address);

    /// <summary>The name that it is published by.</summary>
    public EnsName Name { get; }

    /// <summary>The address, where it was declared by that; null: the name says, when a daemon starts.</summary>
    public EthAddress? Address { get; }

    /// <summary>A payee by its name.</summary>
    /// <exception cref="ArgumentException">It is no name, or one that stands for an address: declare that.</exception>
    public static DeclaredPayee Named(EnsName name) => name.Text.Length > 0 && !name.Text.EndsWith(Reverse, StringComparison.Ordinal)
        ? new(name, null)
        : throw new ArgumentException($"'{name}' can't be a payee's name.", nameof(name));

    /// <summary>A payee by its address.</summary>
    /// <exception cref="ArgumentException">The address is zero: it is nobody's.</exception>
    public static DeclaredPayee At(EthAddress address) => address != default
        ? new(NameOf(address), address)
        : throw new ArgumentException("The address is zero, which is nobody's.", nameof(address));

    /// <summary>Whether a payee is named by its address, so that there is no name to ask about.</summary>
    public static bool IsNamedByAddress(Payee payee) => payee.Name.Text.EndsWith(Reverse, StringComparison.Ordinal) && payee.Name == NameOf(payee.Address);

    /// <summary>Reads what a person wrote in an option: a name such as "dev.eth", or an address, whose mixed case has to be the checksum of EIP-55.</summary>
    /// <param name="text">The text.</param>
    /// <param name="payee">The payee.</param>
    /// <param name="problem">What is wrong, as a sentence without its point.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeclaredPayee payee, [NotNullWhen(false)] out string? problem)
    {
        payee = default;
        if (text is not null && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !text.Contains('.', StringComparison.Ordinal))
        {
            if (!EthAddress.TryParseTyped(text, out var address, out problem))
            {
                problem = $"'{(text.Length > 64 ? text[..64] + "…" : text)}' {problem}";
                return false;
            }

            payee = At(address);
            return true;
        }

        if (!EnsName.TryParse(text, out var name, out problem))
        {
            return false;
        }

        if (name.Text.EndsWith(Reverse, StringComparison.Ordinal))
        {
            problem = $"'{name}' stands for an address: write the address itself";
            return false;
        }

        payee = Named(name);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Address is { } address ? address.ToChecksumString() : Name.ToString();

    private const string Reverse = ".addr.reverse";

    private static EnsName NameOf(EthAddress address) => EnsName.Parse(address.ToString()[2..] + Reverse);
}
