using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>Reads what a job file pays: an amount; an amount at most, with rates; or <c>max</c>, so much at most at the pool's prices.</summary>
internal static class JobPrice
{
    private const string Form = "it has to be USDC as a decimal with at most 6 places and no sign or exponent, like";

    public static (Usdc Amount, JobRates? Rates, bool AtPoolPrices) Read(JobFields job)
    {
        if (job.Object("payment") is not { } payment)
        {
            return default;
        }

        payment.Only(["amount", "currency", "rates", "max"]);
        if (payment.Text("currency", required: false) is { } currency && currency != "USDC")
        {
            payment.Problem(ErrorCodes.BadField, "currency", $"is '{currency}'; a pool is paid in USDC");
        }

        var (max, rates) = (payment.Text("max", required: false), payment.Text("rates", required: false));
        var amount = payment.Text("amount", required: max is null);
        if (max is not null && (amount is not null || rates is not null))
        {
            payment.Problem(ErrorCodes.BadField, "max", "takes the place of 'amount' and 'rates': leave those out");
        }

        return (Amount(payment, max is null ? "amount" : "max", max ?? amount), Rates(payment, rates), max is not null);
    }

    /// <summary>What is wrong with an amount: the end of a sentence.</summary>
    public static string Wrong(string? text) => $"is '{text}'; {Form}";

    private static Usdc Amount(JobFields payment, string name, string? text)
    {
        if (text is not null && !Usdc.TryParse(text, out _))
        {
            payment.Problem(ErrorCodes.BadAmount, name, $"{Wrong(text)} \"0.10\"");
            return default;
        }

        return text is null ? default : Usdc.Parse(text);
    }

    private static JobRates? Rates(JobFields payment, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!JobRates.TryParse(text, out var rates, out var problem))
        {
            payment.Problem(ErrorCodes.BadField, "rates", problem);
        }

        return rates;
    }
}
