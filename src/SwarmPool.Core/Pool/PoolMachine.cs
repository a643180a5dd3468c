using SwarmPool.Core.Pool.Checks;
using SwarmPool.Core.Pool.Rules;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>
/// The rules, pure: what an input means in a state, by recorded facts and at a given time. Changes nothing; the events
/// that it returns are applied by <see cref="PoolState.Apply"/>.
/// </summary>
internal static class PoolMachine
{
    /// <summary>
    /// The newest rules. Older ones stay in the code for old journals; an epoch that opens takes the new ones up. Delegations came later than
    /// rules 1 and are no new rules: nothing that could be recorded before is decided otherwise, since only records that name a delegation,
    /// which there were none of, meet them. Likewise whose verdicts count: settings from before name no verifier. Rules 2 brought standing
    /// (<see cref="Standing"/>). Rules 3 check work, where the settings say how (<see cref="PoolSettings.Checks"/>); where they don't, no epoch takes
    /// them up.
    /// </summary>
    public const int CurrentRules = 3;

    /// <param name="state">The state before.</param>
    /// <param name="input">What happened.</param>
    /// <param name="facts">What came from outside to decide it by.</param>
    /// <param name="at">Unix ms; never before the state's own time.</param>
    public static Decision Decide(PoolState state, PoolInput input, PoolFacts facts, long at) => input switch
    {
        StartedInput started => CheckSettingRules.Refused(state, started.Settings) ?? EpochRules.Start(state, started),
        TimeInput => CheckTimes.Due(state, facts, at) ?? TimeRules.Pass(state, at),
        ResumedInput => TimeRules.Resume(state, at),
        DrawInput => DrawRules.Open(state, facts),
        EpochEndInput => EpochRules.End(state),
        SettledInput settled => EpochRules.Settle(state, settled, facts),
        SealedInput sealed_ => EpochRules.Seal(state, sealed_),
        MessageInput message => DecideMessage(state, message, facts, at),
        _ => throw new InvalidOperationException($"No rule decides the input {input.GetType().Name}."),
    };

    // What was decided before is answered again, even when the delegation that it came by has ended since.
    private static Decision DecideMessage(PoolState state, MessageInput message, PoolFacts facts, long at)
    {
        var decision = DecideBody(state, message, facts, at);
        return decision.Kind is DecisionKind.Accepted or DecisionKind.NeedsVerdict
            ? DelegationRules.Refused(state, message.Snapshot.Body, facts, at) ?? decision
            : decision;
    }

    private static Decision DecideBody(PoolState state, MessageInput message, PoolFacts facts, long at) => message.Snapshot.Body switch
    {
        JobSnapshot job => JobRules.Accept(state, message.Snapshot.Cid, job, facts, at),
        CancelSnapshot cancel => JobRules.Cancel(state, cancel),
        RegistrationSnapshot registration => MinerRules.Register(state, message.Snapshot.Cid, registration, facts, at),
        HeartbeatSnapshot heartbeat => CheckTimes.Renew(state, heartbeat, at) ?? ClaimRules.Renew(state, heartbeat, at),
        ClaimSnapshot claim => CheckClaims.Refused(state, claim) ?? ClaimRules.Claim(state, claim, at),
        ReleaseSnapshot release => CheckTimes.Release(state, release, facts, at) ?? ClaimRules.Release(state, release, at),
        CommitmentSnapshot commitment => CommitRules.Accept(state, commitment, facts, at),
        CheckSnapshot check => ScoreRules.Accept(state, check, facts, at),
        ProofSnapshot proof when state.Checks is not null => RevealRules.Accept(state, message.Snapshot.Cid, proof, facts, at),
        ProofSnapshot proof => ProofRules.Accept(state, message.Snapshot.Cid, proof, facts, at),
        DelegationSnapshot delegation => DelegationRules.Accept(state, message.Snapshot.Digest, delegation, at),
        RevocationSnapshot revocation => DelegationRules.Revoke(state, message.Snapshot.Cid, revocation, at),
        var other => throw new InvalidOperationException($"No rule decides a snapshot of type {other.Type}."),
    };
}

/// <summary>Decides one input: <see cref="PoolMachine.Decide"/> everywhere but where rules are tried out that are not the pool's.</summary>
/// <param name="state">The state so far; only read.</param>
/// <param name="input">What is to be decided.</param>
/// <param name="facts">What it is decided by. A proof without a verdict is a question: would it be refused whatever the verifier says?</param>
/// <param name="at">Unix milliseconds.</param>
internal delegate Decision DecideFunction(PoolState state, PoolInput input, PoolFacts facts, long at);
