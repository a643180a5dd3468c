using SwarmPool.Programs.Daemon.Setup;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>What <c>swarmpool init</c> made, and what to type next.</summary>
internal static class InitScreen
{
    public static void Show(ProgramContext context, FirstPool plan, IReadOnlyList<string> made)
    {
        var screen = context.Screen;
        screen.Line($"✓ A pool in {plan.Folder}", Tone.Good);
        foreach (var file in made)
        {
            screen.Line($"    {file}", Tone.Dim);
        }

        screen.Line();
        screen.Line("Accounts", Tone.Strong);
        screen.Facts(plan.Accounts.Select(account => (account.Key.Text, account.Value.ToString())));
        screen.Line();
        screen.Line("Next, each in a terminal of its own:", Tone.Strong);
        foreach (var line in plan.NextCommands(context.Folder))
        {
            screen.Whole($"  {line}");
        }
    }
}
