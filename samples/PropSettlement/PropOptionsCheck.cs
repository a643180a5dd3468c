using Microsoft.Extensions.Options;
using SwarmPool.Plugins;
using SwarmPool.Settlement;

namespace PropSettlement;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class PropOptionsCheck : IValidateOptions<PropOptions>
{
    public ValidateOptionsResult Validate(string? name, PropOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckRange("fee_percent", options.FeePercent, 0, 100);
        var isAmount = Usdc.TryParse(options.GiftUsdc, out var gift);
        if (!isAmount)
        {
            problems.AddError($"gift_usdc is '{options.GiftUsdc}'; it has to be an amount of USDC with at most 6 places, such as 0.01.");
        }

        var fee = Payee(problems, "fee_to", options.FeeTo, isNeeded: options.FeePercent > 0);
        var given = Payee(problems, "gift_to", options.GiftTo, isNeeded: isAmount && gift > Usdc.Zero);
        if (fee is not null && fee == given)
        {
            problems.AddError($"gift_to is {given}, who gets the fee: a payee is declared once. Name another, or raise fee_percent.");
        }

        return problems.Build();
    }

    private static DeclaredPayee? Payee(ValidateOptionsResultBuilder problems, string key, string text, bool isNeeded)
    {
        if (text.Length == 0)
        {
            if (isNeeded)
            {
                problems.AddError($"{key} is missing: a name such as dev.eth, or an address.");
            }

            return null;
        }

        if (DeclaredPayee.TryParse(text, out var payee, out var problem))
        {
            return payee;
        }

        problems.AddError($"{key}: {problem}.");
        return null;
    }
}
