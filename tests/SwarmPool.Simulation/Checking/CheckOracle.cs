using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Checking;

/// <summary>
/// Holds each record against rules of its own, which know what the parties are up to: draws and ranks recomputed, nothing shown that was not committed to, nobody
/// beside itself in a job, no refused work paid, no honest miner found wrong, every honest job done.
/// </summary>
internal sealed class CheckOracle(CheckWorld world)
{
    private readonly Dictionary<Cid, CheckedJob> jobs = [];
    private int worthPpm;
    private readonly Dictionary<EthAddress, CheckedPayee> payees = [];
    private readonly List<string> problems = [];
    private long open = 1;
    private long released;

    public IReadOnlyList<string> Problems => problems;

    public HashSet<string> Seen { get; } = [];

    public void Read(PoolRecord record)
    {
        // All checks of a job get no more than operations have of it, and nothing where its client pays nothing.
        var checks = record.Events.OfType<CheckDecided>().ToList();
        worthPpm = checks.Count > 0 && record.Events.Any(static e => e is JobDecided)
            ? Math.Min(100_000, 250_000 / Math.Max(1, checks.Count(one => one.Verdict == CheckVerdicts.Right || jobs[one.Cid][one.Fence].Grade is not null)))
            : 0;
        foreach (var e in record.Events)
        {
            Seen.Add(e.GetType().Name);
            Check(e, record);
        }

        foreach (var refused in record.Events.OfType<WorkRefused>())
        {
            Require(
                !RefuseReasons.Strikes(refused.Reason) || refused.Reason == RefuseReasons.Withheld || record.Events.Any(e => e is ProofDisputed disputed && disputed.Miner == refused.Miner),
                $"{refused.Miner} was wrong, and its client has nothing against it");
            Require(!record.Events.Any(e => e is JobDecided decided && decided.Parts.Any(part => part.Payee == refused.Payee)), $"refused work of {refused.Miner} is paid");
        }
    }

    /// <summary>What the rules keep of payees is what follows from the records.</summary>
    public void CheckState()
    {
        foreach (var (address, payee) in payees)
        {
            var entry = world.State.Trust.Of(address, Parties.Cast.Model);
            Require(
                (entry.Decided, entry.HeldMicro, entry.LlrMilliNats) == (payee.Decided, payee.HeldMicro, payee.MilliNats),
                $"of {address} the state holds {entry.Decided} jobs, {entry.HeldMicro} held, {entry.LlrMilliNats} mn; by the records it is {payee.Decided}, {payee.HeldMicro}, {payee.MilliNats}");
        }

        foreach (var held in world.State.Epochs.Held)
        {
            var micro = payees.Values.Sum(payee => payee.Held.GetValueOrDefault(held.Number));
            Require(held.Volume.Micro == micro, $"of epoch {held.Number} {held.Volume.Micro} micro-USDC are held; by the records it is {micro}");
        }
    }

    public void End()
    {
        foreach (var job in jobs.Values)
        {
            Require(job.IsOver, $"{job.Accepted.Cid} is never done");
        }

        foreach (var party in world.Parties)
        {
            var miner = world.State.Miners[party.Name];
            Require((miner.LiveClaims, miner.Waiting) == (0, 0) || problems.Count > 0, $"{party.Name} holds {miner.LiveClaims} claims and {miner.Waiting} answers when nothing is left to do");
            Require(
                world.HasConspiracy || !party.IsHonest || world.State.Trust.Of(party.Payee, Parties.Cast.Model) is { Wrong: 0, Marks: 0 }, $"{party.Name} is honest, and is held to be wrong");
        }
    }

    private void Check(PoolEvent e, PoolRecord record)
    {
        switch (e)
        {
            case JobAccepted a: jobs.Add(a.Cid, new CheckedJob(a)); break;
            case JobClaimed c: Claim(c); break;
            case ProofCommitted c: Commit(c, record); break;
            case CheckAssigned c: Assign(c, record); break;
            case RevealAsked r: Ask(r); break;
            case ProofAccepted p: Show(p.Cid, p.Fence, p.Payee, p.OutputCid, record); break;
            case CheckProved p: Show(p.Cid, p.Fence, p.Payee, p.OutputCid, record); break;
            case CheckScored s: Score(s); break;
            case ScoreJudged s: Judge(s); break;
            case CheckEnded c: End(c); break;
            case LeaseEnded l: EndLease(l); break;
            case CheckDecided c: Decide(c); break;
            case WorkRefused w: Refuse(w); break;
            case JobDecided d: Decide(d); break;
            case JobRequeued r: jobs[r.Cid].GoBack(); break;
            case JobFailed f: Fail(f); break;
            case LateRevealed l: PayeeOf(l.Payee).Marks--; break;
            case EpochClosed c: Release(c); break;
        }
    }

    private void Release(EpochClosed e)
    {
        var to = Math.Max(e.Number - world.State.Checks!.HoldEpochs, released);
        Require((e.ReleasesFrom, e.ReleasesTo) == (released + 1, to), $"epoch {e.Number} pays the work of {e.ReleasesFrom} to {e.ReleasesTo}; what is not paid begins with {released + 1}, and up to {to} it was held for long enough");
        foreach (var payee in payees.Values)
        {
            foreach (var epoch in payee.Held.Keys.Where(epoch => epoch <= to).ToList())
            {
                payee.Held.Remove(epoch);
            }
        }

        (released, open) = (to, e.Number + 1);
    }

    private void Claim(JobClaimed e)
    {
        var (job, payee) = (jobs[e.Cid], world.PartyOf(e.Miner).Payee);
        Require(!job.Parts.Exists(part => part.Payee == payee), $"{e.Cid} is claimed by {e.Miner}, whose payee has a part in it");
        Require(!job.Barred.Contains(payee), $"{e.Cid} is claimed by {e.Miner}, whose answer to it was refused");
        job.Parts.Add(new CheckedPart(e.Fence, e.Miner, payee));
    }

    private void Commit(ProofCommitted e, PoolRecord record)
    {
        var job = jobs[e.Cid];
        var part = job[e.Fence];
        Require(part.Commitment is null, $"claim {e.Fence} is bound to an answer a second time");
        (part.Commitment, part.Told) = (e.Commitment, e.RevealUntil is not null);
        part.Payee = e.Payee;
        if (part.IsCheck || job.Accepted.Replicas > 1)
        {
            return;
        }

        // As anybody draws who reads the epoch once it is sealed.
        var payee = PayeeOf(e.Payee);
        var (checks, price) = (world.State.Checks!, job.Accepted.Price.Micro);
        var point = new BigInteger(BinaryPrimitives.ReadUInt64BigEndian(Hash("SPD1", record, e.Cid, BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(e.Fence) : e.Fence)));
        var drawn = job.Accepted.Check == JobChecks.Always
            || payee.Decided < checks.NewcomerJobs
            || point * 1_000_000 < (BigInteger)checks.LeastPpm << 64
            || point * (checks.NewcomerJobs + payee.Decided) < (BigInteger)checks.NewcomerJobs << 64
            || price >= payee.HeldMicro
            || point * payee.HeldMicro < (BigInteger)price << 64;
        Require(e.Drawn == drawn, $"the answer {e.Fence} to {e.Cid} is {(drawn ? "" : "not ")}drawn, and the record says otherwise");
        part.Drawn = drawn;
        Require(!drawn || world.Scores || e.RevealUntil is null, $"the answer {e.Fence} is drawn and is to be shown before it is checked");
    }

    private void Assign(CheckAssigned e, PoolRecord record)
    {
        var (job, party) = (jobs[e.Cid], world.PartyOf(e.Miner));
        Require(!job.Parts.Exists(part => part.Payee == party.Payee), $"{e.Miner} is to check what is paid where it is paid itself");
        Require(job.Asked.Add(party.Payee), $"{e.Miner} is asked twice to check the same answer");
        Require(PayeeOf(party.Payee).Marks < TrustEntry.MostMarks, $"{e.Miner} checks though its checks were refuted");
        Require(job.Executors.All(static part => part.Commitment is not null), $"{e.Cid} is checked before everybody is bound to an answer");
        foreach (var other in world.Parties.Where(other => other.Name != e.Miner))
        {
            var miner = world.State.Miners[other.Name];
            var could = !job.Parts.Exists(part => part.Payee == other.Payee) && !job.Asked.Contains(other.Payee) && !job.Barred.Contains(other.Payee)
                && PayeeOf(other.Payee).Marks < TrustEntry.MostMarks && miner.LiveClaims < world.State.Settings!.ClaimsPerMiner
                && !(miner.With(job.Accepted.Client)?.PauseUntil > record.At) && record.At - miner.SeenAt < 900_000;
            Require(
                !could || Hash("SPC1", record, e.Cid, Encoding.UTF8.GetBytes(e.Miner.Text)).AsSpan().SequenceCompareTo(Hash("SPC1", record, e.Cid, Encoding.UTF8.GetBytes(other.Name.Text))) < 0,
                $"{e.Miner} checks {e.Cid} before {other.Name}, which comes first");
        }

        job.Parts.Add(new CheckedPart(e.Fence, e.Miner, party.Payee) { IsCheck = true, Kind = e.Kind });
    }

    private void Ask(RevealAsked e)
    {
        var job = jobs[e.Cid];
        Require(job.Executors.All(static part => part.Commitment is not null || part.Output is not null), $"answers to {e.Cid} are asked for before all are bound to one");
        foreach (var fence in e.Fences)
        {
            job[fence].Told = true;
        }
    }

    private void Show(Cid cid, long fence, EthAddress payee, Cid output, PoolRecord record)
    {
        var job = jobs[cid];
        var part = job[fence];
        var proof = (ProofSnapshot)((MessageInput)record.Input!).Snapshot.Body;
        Require(part.Told, $"the answer {fence} is shown before it is asked for");
        Require(
            part.Commitment is { } commitment && proof.Salt is not null && ProofCommitment.Compute(cid, proof.Attempt, fence, proof.Miner, proof.OutputCid, proof.EvidenceRoot, proof.Salt) == commitment,
            $"the answer {fence} is not the one that {proof.Miner} is bound to");
        Require(payee == part.Payee, $"the answer {fence} would be paid elsewhere than where its miner was bound to it");
        Require(part.IsCheck || !job.Parts.Exists(static one => one is { IsCheck: true, Kind: CheckKinds.Run, Output: null }), $"the answer {fence} is shown before its checkers'");
        part.Output = output;
    }

    private void Score(CheckScored e)
    {
        var (job, party) = (jobs[e.Cid], world.PartyOf(e.Miner));
        job[e.Fence].Grade = e.Grade;
        Require(e.Grade is "pass" or "fail", $"{party.Name}'s scores are {e.Grade}");
    }

    private void Judge(ScoreJudged e)
    {
        var grades = jobs[e.Cid].Parts.Where(static part => part.Grade is not null).Select(static part => part.Grade).ToList();
        Require(e.Fails == (grades.Count(static grade => grade == "fail") * 2 > grades.Count), $"{e.Cid} {(e.Fails ? "fails" : "passes")}, and its checkers say otherwise");
        var payee = PayeeOf(e.Payee);
        payee.MilliNats += e.Fails ? 1609 : -85;
        payee.MilliNats = payee.MilliNats <= -13_800 ? 0 : payee.MilliNats;
        Require(e.LlrMilliNats == payee.MilliNats, $"the test of {e.Payee} stands at {payee.MilliNats}, and the record says {e.LlrMilliNats}");
        jobs[e.Cid].IsFlagged = payee.MilliNats >= 13_800;
    }

    private void End(CheckEnded e)
    {
        var job = jobs[e.Cid];
        if (e.Reason == LeaseEndReasons.Withheld)
        {
            Mark(job[e.Fence].Payee);
        }

        job.Parts.Remove(job[e.Fence]);
    }

    private void EndLease(LeaseEnded e)
    {
        var job = jobs[e.Cid];
        var part = job[e.Fence];
        Require((part.Commitment is not null) == (e.Reason == LeaseEndReasons.Withheld), $"claim {e.Fence} ended as {e.Reason}{(part.Commitment is null ? "" : ", bound to an answer")}");
        if (part.Commitment is not null)
        {
            job.Barred.Add(part.Payee);
            Mark(part.Payee);
        }

        job.Parts.Remove(part);
    }

    private void Decide(CheckDecided e)
    {
        var job = jobs[e.Cid];
        var part = job[e.Fence];
        var fee = job.Accepted.Price.Micro * worthPpm / 1_000_000;
        var holds = part.Grade is not null ? e.Marked is null : job.Majority is { } right && part.Output == right;
        Require(e.Fee.Micro == (holds && (part.Grade is not null || e.Verdict != CheckVerdicts.None) ? fee : 0), $"the check {e.Fence} says {e.Verdict} and gets {e.Fee}; a result is worth {Usdc.FromMicro(fee)} here, nothing else is");
        var refuted = part.Grade is null && job.Majority is { } other && part.Output is not null && part.Output != other;
        Require(part.Grade is not null || (e.Marked == true) == refuted, $"the check {e.Fence} was {(refuted ? "" : "not ")}refuted, and the record says otherwise");
        Require(e.Fee == Usdc.Zero || part.Grade is not null || world.PartyOf(e.Checker).Move != CheckMove.Copycat, $"{e.Checker} is paid for what it copied");
        if (e.Marked == true)
        {
            Mark(part.Payee);
        }
    }

    private void Refuse(WorkRefused e)
    {
        var job = jobs[e.Cid];
        Require(world.HasConspiracy || !world.PartyOf(e.Miner).IsHonest || !RefuseReasons.Strikes(e.Reason), $"{e.Miner} is honest, and its work is refused");
        Require(e.Reason != RefuseReasons.Outvoted || (job.Majority is { } right && job[e.Fence].Output != right), $"the answer {e.Fence} is refused, and more than half did not get another");
        Require(e.Reason != RefuseReasons.Scores || job.IsFlagged, $"{e.Miner} is flagged before there is evidence enough");
        Require(e.Reason is not (RefuseReasons.Failed or RefuseReasons.OtherClass) || world.Scores, $"{e.Miner} was wrong, and keeps what is held");
        job.Barred.Add(e.Payee);
        job.IsFlagged = false;
        if (RefuseReasons.Strikes(e.Reason))
        {
            var payee = PayeeOf(e.Payee);
            (payee.Decided, payee.MilliNats) = (0, 0);
            payee.Held.Clear();
        }
    }

    private void Decide(JobDecided e)
    {
        var job = jobs[e.Cid];
        var executor = job.Executors.First();
        var scored = job.Parts.Exists(static part => part.Grade is not null);
        var wanted = job.Accepted.Replicas > 1 ? ProofChecks.Replicas
            : !executor.Drawn ? ProofChecks.Form
            : (scored ? job.Parts.Count(static part => part.Grade == "pass") * 2 > job.Parts.Count(static part => part.Grade is not null) : job.Parts.Exists(part => part.IsCheck && part.Output == executor.Output)) ? ProofChecks.Right
            : ProofChecks.Unchecked;
        Require(e.Check == wanted, $"{e.Cid} is decided as {e.Check}; it is {wanted}");
        Require(!job.IsFlagged, $"{e.Cid} is paid though its payee is flagged");
        Require(e.Check != ProofChecks.Unchecked || job.Accepted.Check != JobChecks.Always, $"{e.Cid} is paid unchecked, and its client wants it checked");
        Require(e.Parts.Sum(static part => part.Price.Micro) == job.Accepted.Price.Micro, $"{e.Cid} pays another sum than it costs");
        Require(e.Parts.Select(static part => part.Payee).Distinct().Count() == e.Parts.Count, $"{e.Cid} pays one payee twice");
        foreach (var part in e.Parts)
        {
            var own = job.Executors.FirstOrDefault(one => one.Miner == part.Miner);
            Require(own is not null && own.Payee == part.Payee && !job.Barred.Contains(part.Payee), $"{e.Cid} pays {part.Miner} for no work of its own that stands");
            Require(job.Parts.Count(static one => one.Output is not null) < 2 || job.Majority == own?.Output, $"{e.Cid} pays {part.Miner} for what others did not find");
            var isRight = own?.Output == CheckMessages.OutputOf($"right {world.State.Jobs[e.Cid].Number}");
            Require(isRight || world.HasConspiracy || e.Check is ProofChecks.Form or ProofChecks.Unchecked || (scored && world.Parties.Any(static party => party.Move is CheckMove.LazyChecker or CheckMove.Alias)), $"{e.Cid} was checked, and is decided by a wrong answer of {part.Miner}");
            Require(job.Accepted.Replicas == 1 || world.PartyOf(part.Miner).Move != CheckMove.Copycat, $"{part.Miner} is paid for what it copied");
            var payee = PayeeOf(part.Payee);
            payee.Decided += e.Check == ProofChecks.Unchecked ? 0 : 1;
            payee.Held[open] = payee.Held.GetValueOrDefault(open) + part.Price.Micro;
            var least = Math.Max(1, (long)world.State.Checks!.NewcomerJobs * (1_000_000 - world.State.Checks.LeastPpm) / world.State.Checks.LeastPpm);
            payee.Marks = payee.Decided >= least ? 0 : payee.Marks;
        }

        job.IsOver = true;
    }

    private void Fail(JobFailed e)
    {
        var job = jobs[e.Cid];
        Require(
            (e.Reason == JobFailReasons.Unchecked && job.Accepted.Check == JobChecks.Always)
            || (e.Reason == JobFailReasons.Expired && job.Accepted.DeadlineMs <= world.At && (!job.Executors.Any() || job.Executors.Count() < job.Accepted.Replicas || job.Executors.Any(static part => part.Commitment is null))),
            $"{e.Cid} fails as {e.Reason} though {(job.Executors.All(static part => part.Commitment is not null) ? "its answers wait to be checked" : "it could be done")}");
        job.IsOver = true;
    }

    private CheckedPayee PayeeOf(EthAddress address) => payees.TryGetValue(address, out var payee) ? payee : payees[address] = new CheckedPayee();

    private void Mark(EthAddress address)
    {
        var payee = PayeeOf(address);
        (payee.Marks, payee.Decided) = (payee.Marks + 1, 0);
    }

    private static byte[] Hash(string tag, PoolRecord record, Cid job, long fenceBigEndian) => Hash(tag, record, job, BitConverter.GetBytes(fenceBigEndian));

    private static byte[] Hash(string tag, PoolRecord record, Cid job, byte[] last) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(tag), .. Convert.FromHexString(record.Facts.Draw!.Secret), .. Encoding.UTF8.GetBytes(job.ToString()), .. last]);

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"record {world.State.Sequence + 1}: {otherwise}"));
        }
    }
}

/// <summary>What the oracle itself knows of a job.</summary>
internal sealed class CheckedJob(JobAccepted accepted)
{
    public JobAccepted Accepted => accepted;

    public List<CheckedPart> Parts { get; } = [];

    public HashSet<EthAddress> Asked { get; } = [];

    public HashSet<EthAddress> Barred { get; } = [];

    public bool IsOver { get; set; }

    public bool IsFlagged { get; set; }

    public IEnumerable<CheckedPart> Executors => Parts.Where(static part => !part.IsCheck);

    public CheckedPart this[long fence] => Parts.Single(part => part.Fence == fence);

    /// <summary>The output that more than half have shown; null when there is none.</summary>
    public Cid? Majority
    {
        get
        {
            var shown = Parts.Where(static part => part.Output is not null).ToList();
            var most = shown.GroupBy(static part => part.Output!.Value).OrderByDescending(static group => group.Count()).FirstOrDefault();
            return most is not null && most.Count() * 2 > Math.Max(shown.Count, accepted.Replicas) ? most.Key : null;
        }
    }

    /// <summary>It is offered again: what was shown counts no longer, and who works on it goes on.</summary>
    public void GoBack()
    {
        if (Executors.Any(static part => part.Output is null))
        {
            return;
        }

        Parts.Clear();
        Asked.Clear();
    }
}

/// <summary>What the oracle itself knows of one part in a job.</summary>
internal sealed class CheckedPart(long fence, EnsName miner, EthAddress payee)
{
    public long Fence => fence;

    public EnsName Miner => miner;

    public EthAddress Payee { get; set; } = payee;

    public bool IsCheck { get; init; }

    public string? Kind { get; init; }

    public string? Commitment { get; set; }

    public bool Told { get; set; }

    public bool Drawn { get; set; }

    public Cid? Output { get; set; }

    public string? Grade { get; set; }
}

/// <summary>What the oracle itself knows of a payee.</summary>
internal sealed class CheckedPayee
{
    public long Decided { get; set; }

    /// <summary>What it earned in which epoch and is not released.</summary>
    public Dictionary<long, long> Held { get; } = [];

    public long HeldMicro => Held.Values.Sum();

    public long MilliNats { get; set; }

    public int Marks { get; set; }
}
