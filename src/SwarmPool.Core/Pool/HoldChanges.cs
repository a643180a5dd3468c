namespace SwarmPool.Core.Pool;

/// <summary>What holding work back does to the state. Called where events are applied.</summary>
internal static class HoldChanges
{
    /// <summary>A job was decided under rules that may strike it.</summary>
    public static void Book(EpochAccount open, JobDecided e)
    {
        if (e is { Model: { } model, Client: { } client })
        {
            WorkBooking.Book(open, client, model, e.Parts);
        }
    }

    /// <summary>Where work was found wrong, what its payee has earned with that model and was not released is never paid; what is released already stays as it is.</summary>
    public static void Strike(PoolState state, WorkRefused e)
    {
        if (!RefuseReasons.Strikes(e.Reason))
        {
            return;
        }

        var epochs = state.Epochs;
        var any = epochs.Open is { } open && WorkBooking.Strike(open, e.Payee, e.Model);
        foreach (var held in epochs.Held)
        {
            any |= WorkBooking.Strike(held, e.Payee, e.Model);
        }

        if (any)
        {
            epochs.Struck.RemoveAll(one => one.Payee == e.Payee && one.Model == e.Model);
            epochs.Struck.Add(new StruckWork(e.Payee, e.Model, state.Sequence));
        }
    }

    /// <summary>
    /// The closed epoch's own work is held, and what it settles is the work of those that it releases: from now on the account is of that.
    /// </summary>
    public static void Close(EpochTable epochs, EpochAccount closed, EpochClosed e)
    {
        if (e is not { ReleasesFrom: { } from, ReleasesTo: { } to })
        {
            (closed.Work, closed.Joint) = (null, null);
            return;
        }

        epochs.Held.Add(Hold(closed));
        (closed.Jobs, closed.Proofs, closed.Volume) = (0, 0, default);
        (closed.Owed, closed.Work, closed.Joint) = (null, null, null);
        var released = epochs.Held.Where(held => held.Number >= from && held.Number <= to).ToList();
        foreach (var held in released)
        {
            WorkBooking.Add(closed, held);
        }

        epochs.Held.RemoveRange(0, released.Count); // The oldest, without a gap.
        (closed.WorkFrom, closed.WorkTo, closed.Struck) = (from, to, e.Struck);
        closed.WorkFromSequence = released.Count > 0 ? released[0].FromSequence : closed.FromSequence;
        closed.WorkToSequence = released.Count > 0 ? released[^1].ToSequence : closed.FromSequence - 1;
        epochs.Struck.RemoveAll(one => epochs.Held.Count == 0 || one.UpTo < epochs.Held[0].FromSequence);
    }

    private static HeldEpoch Hold(EpochAccount closed) => new()
    {
        Number = closed.Number,
        FromSequence = closed.FromSequence,
        ToSequence = closed.ToSequence,
        Jobs = closed.Jobs,
        Proofs = closed.Proofs,
        Volume = closed.Volume,
        Owed = closed.Owed,
        Work = closed.Work,
        Joint = closed.Joint,
    };
}
