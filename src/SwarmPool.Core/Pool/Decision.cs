using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool;

/// <summary>The kinds of decision. <c>default</c> is a refusal.</summary>
internal enum DecisionKind
{
    /// <summary>No; nothing is journaled.</summary>
    Refused = 0,

    /// <summary>Yes: the events become a record.</summary>
    Accepted,

    /// <summary>Decided before: the same answer is given again, nothing is journaled.</summary>
    Repeated,

    /// <summary>Nothing to do, and nobody waits for an answer.</summary>
    Nothing,

    /// <summary>Nothing stands against a proof, but no verifier has seen it yet: nothing is journaled. The answer to a preview.</summary>
    NeedsVerdict,

    /// <summary>The decision needs the open epoch's secret (<see cref="PoolFacts.Draw"/>): ask again with it. Nothing is journaled. Rules 3.</summary>
    NeedsDraw,

    /// <summary>The decision needs to know which outputs agree (<see cref="PoolFacts.Agreement"/>): ask again with that. Nothing is journaled. Rules 3.</summary>
    NeedsAgreement,
}

/// <summary>What the rules say about one input.</summary>
internal sealed record Decision
{
    private Decision()
    {
    }

    public static Decision Nothing { get; } = new() { Kind = DecisionKind.Nothing };

    public static Decision NeedsVerdict { get; } = new() { Kind = DecisionKind.NeedsVerdict };

    public static Decision NeedsDraw { get; } = new() { Kind = DecisionKind.NeedsDraw };

    public DecisionKind Kind { get; private init; }

    public Refusal? Refusal { get; private init; }

    public IReadOnlyList<PoolEvent> Events { get; private init; } = [];

    /// <summary>NeedsAgreement: which answers are to be compared; else null.</summary>
    public AgreementQuestion? Question { get; private init; }

    /// <summary>Repeated: the job whose present condition is the answer; empty when it is a miner's registration.</summary>
    public Cid Job { get; private init; }

    /// <summary>Repeated: the miner whose registration is the answer.</summary>
    public EnsName Miner { get; private init; }

    public static Decision Refuse(string code, string reason) => new() { Kind = DecisionKind.Refused, Refusal = new Refusal(code, reason) };

    public static Decision NeedAgreement(AgreementQuestion question) => new() { Kind = DecisionKind.NeedsAgreement, Question = question };

    public static Decision Accept(params IReadOnlyList<PoolEvent> events) => new() { Kind = DecisionKind.Accepted, Events = events };

    public static Decision Repeat(Cid job) => new() { Kind = DecisionKind.Repeated, Job = job };

    public static Decision Repeat(EnsName miner) => new() { Kind = DecisionKind.Repeated, Miner = miner };
}
