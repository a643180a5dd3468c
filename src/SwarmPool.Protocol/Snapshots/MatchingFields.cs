using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>The forms of what jobs ask for, of what miners say of their models, and of what a pool says of both.</summary>
internal static class MatchingFields
{
    private const int MostOffers = 256;
    private const long LongestJobMs = 604_800_000;
    private const long MostMillitokens = 1_000_000_000_000;

    public static Refusal? Needs(string path, JobNeeds? needs) => needs is null ? null
        : needs == new JobNeeds() ? new Refusal(ErrorCodes.BadField, $"{path} asks for nothing: leave it out.")
        : Field.Range($"{path}.memory_bytes", needs.MemoryBytes, 1)
            ?? Field.Range($"{path}.context_tokens", needs.ContextTokens, 1, int.MaxValue)
            ?? Field.Range($"{path}.output_tokens", needs.OutputTokens, 1, int.MaxValue)
            ?? Class(path, needs.Device, needs.Precision, needs.Runtime);

    public static Refusal? Offers(string path, RegistrationSnapshot registration)
    {
        if (registration.Offers is not { } offers)
        {
            return null;
        }

        var left = new HashSet<string>(registration.Models, StringComparer.Ordinal);
        return Field.Count(path, offers, 1, MostOffers)
            ?? Field.Each(path, offers, (at, offer) => left.Remove(offer.Model)
                ? Offer(at, offer)
                : new Refusal(ErrorCodes.BadField, $"{at}.model needs to be one of $.models, and of no other offer."));
    }

    public static Refusal? Match(string path, JobMatch? match) => match is null
        ? null
        : Field.Range($"{path}.have", match.Have, 0)
            ?? Field.Range($"{path}.memory", match.Memory, 0, match.Have)
            ?? Field.Range($"{path}.context", match.Context, 0, match.Have)
            ?? Field.Range($"{path}.class", match.Class, 0, match.Have)
            ?? Field.Range($"{path}.ask_more", match.AskMore, 0, match.Have);

    public static Refusal? Queue(string path, JobQueue? queue) => queue is null
        ? null
        : Field.Range($"{path}.place", queue.Place, 1) ?? Field.Range($"{path}.wait_seconds", queue.WaitSeconds, 0);

    public static Refusal? Queues(string path, IReadOnlyList<ModelQueueItem> queues) =>
        Field.Count(path, queues, 0, ModelQueueItem.Most)
        ?? Field.Each(path, queues, static (at, one) =>
            Field.Model($"{at}.model", one.Model)
            ?? Field.Range($"{at}.waiting", one.Waiting, 0)
            ?? Field.Range($"{at}.at_work", one.AtWork, 0)
            ?? Field.Range($"{at}.miners", one.Miners, 0)
            ?? Field.Range($"{at}.wait_seconds", one.WaitSeconds, 0));

    private static Refusal? Offer(string path, ModelOffer offer) =>
        Field.Range($"{path}.memory_bytes", offer.MemoryBytes, 1)
        ?? Field.Range($"{path}.context_tokens", offer.ContextTokens, 1, int.MaxValue)
        ?? Field.Range($"{path}.job_milliseconds", offer.JobMilliseconds, 1, LongestJobMs)
        ?? Field.Range($"{path}.millitokens_per_second", offer.MillitokensPerSecond, 1, MostMillitokens)
        ?? Class(path, offer.Device, offer.Precision, offer.Runtime);

    private static Refusal? Class(string path, string? device, string? precision, string? runtime) =>
        Text($"{path}.device", device) ?? Text($"{path}.precision", precision) ?? Text($"{path}.runtime", runtime);

    private static Refusal? Text(string path, string? text) => text is null ? null : Field.Text(path, text, Field.FreeText);
}
