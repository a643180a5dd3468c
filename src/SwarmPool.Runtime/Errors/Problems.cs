using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Errors;

/// <summary>Collects what is wrong at the start, so that a person fixes everything in one go.</summary>
internal sealed class Problems
{
    private readonly List<Exception> found = [];

    public void Add(Exception problem) => found.Add(problem);

    public void Add(string code, string message, Exception? inner = null) => Add(new SwarmPoolException(code, message, inner));

    public void AddAll(IEnumerable<Refusal> refusals)
    {
        foreach (var refusal in refusals)
        {
            Add(refusal.Code, refusal.Reason);
        }
    }

    /// <summary>Adds what others found, each behind a prefix that says where.</summary>
    public void AddAll(Problems others, string prefix)
    {
        foreach (var problem in others.found.SelectMany(StartupErrors.Single))
        {
            var (code, text) = StartupErrors.Part(problem);
            Add(prefix.Length == 0 ? problem : new SwarmPoolException(code ?? ErrorCodes.ConfigurationInvalid, prefix + text, problem));
        }
    }

    /// <summary>What was found, as values; what has no code of its own is a matter of the configuration.</summary>
    public IReadOnlyList<Refusal> AsRefusals() =>
        [.. found.Select(problem => problem is SwarmPoolException own ? new Refusal(own.Code, own.Message) : new Refusal(ErrorCodes.ConfigurationInvalid, problem.Message))];

    /// <summary>Throws the one problem as it is; several as one <see cref="SwarmPoolException"/> around an <see cref="AggregateException"/> of all.</summary>
    public void ThrowIfAny()
    {
        if (found.Count == 0)
        {
            return;
        }

        if (found.Count == 1 && found[0] is SwarmPoolException only)
        {
            throw only;
        }

        var all = new AggregateException(found);
        var lines = StartupErrors.Describe(all);
        throw new SwarmPoolException(
            found.OfType<SwarmPoolException>().FirstOrDefault()?.Code ?? ErrorCodes.ConfigurationInvalid,
            lines.Count == 1 ? lines[0] : $"{lines.Count} problems:\n- {string.Join("\n- ", lines)}",
            all);
    }
}
