namespace SwarmPool.Tools.Adversaries;

/// <summary>What an adversary does from its coming until it leaves, and what it has of it. Money is in prices of a job.</summary>
internal static class Life
{
    /// <summary>What a right answer costs its miner, as a part of the price; a wrong one costs nothing.</summary>
    public const double Cost = 0.5;

    /// <summary>Plays one life.</summary>
    /// <returns>After how many jobs the payee was first found wrong, null for never; and how much better off the adversary is than if it had been honest.</returns>
    public static (int? Flagged, double Ahead) Play(PoolGame game, Tally tally, Adversary adversary, Dice dice)
    {
        var (paid, fees, checks) = (tally.RightPaid + tally.WrongPaid, tally.OwnFees, tally.OwnChecks);
        int? flagged = null;
        var right = 0;
        for (var job = 1; job <= adversary.Horizon; job++)
        {
            var isWrong = job > adversary.Builds && dice.IsIn(adversary.LiesPpm);
            right += isWrong || adversary.Copies || adversary.FailsFast ? 0 : 1;
            game.Play(isWrong);
            if (game.IsFlagged)
            {
                flagged ??= job;
                if (adversary.RenamesItself)
                {
                    game.Rename();
                }
            }
        }

        game.CashOut();
        var got = tally.RightPaid + tally.WrongPaid - paid - (right * Cost);
        var honest = adversary.Horizon * (1 - Cost);

        // Who checks honestly has the fee, and runs the job.
        var fee = (tally.OwnFees - fees) / (double)Policy.Price;
        var spared = (tally.OwnChecks - checks) * (Cost - HonestFee);
        return (flagged, got - honest + (adversary.Checker == CheckerKind.Honest ? 0 : fee + spared));
    }

    // What an honest check is paid, as a part of the price: the default fee.
    private const double HonestFee = 0.1;
}
