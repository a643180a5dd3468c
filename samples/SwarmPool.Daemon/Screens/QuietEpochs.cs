using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>
/// A pool's story, where epochs that had nothing in them are quiet: one dim line, and those that follow in a row are told together when
/// something happens again.
/// </summary>
/// <remarks>Thread-safe; returns at once.</remarks>
internal sealed class QuietEpochs(Story story)
{
    private readonly Lock gate = new();
    private string? opened;
    private bool hasOpened;
    private bool isQuiet;
    private (string First, string Last)? folded;

    /// <summary>The first screen; what was held back comes after it.</summary>
    public void Open(Action screen)
    {
        story.Open(screen);
        lock (gate)
        {
            TellHeld();
        }
    }

    /// <summary>Something happened.</summary>
    public void Head(string text, Tone tone = Tone.Plain)
    {
        lock (gate)
        {
            isQuiet = false;
            TellHeld();
            story.Head(text, tone);
        }
    }

    /// <summary>More about what happened last.</summary>
    public void Detail(string text, Tone tone = Tone.Plain) => story.Detail(text, tone);

    /// <summary>An epoch was opened: the first is told at once, another with what happens next, unless that is that the one before had nothing in it.</summary>
    public void Opened(string epochId)
    {
        lock (gate)
        {
            TellOpened();
            opened = epochId;
            if (!hasOpened)
            {
                hasOpened = true;
                TellOpened();
            }
        }
    }

    /// <summary>An epoch was sealed that had nothing in it.</summary>
    public void SealedEmpty(string epochId)
    {
        lock (gate)
        {
            if (isQuiet)
            {
                folded = (folded?.First ?? epochId, epochId);
            }
            else
            {
                story.Head($"{epochId} sealed: nothing in it{(opened is null ? "" : $"; {opened} is open")}", Tone.Dim);
            }

            (isQuiet, opened) = (true, null);
        }
    }

    private void TellHeld()
    {
        if (folded is { } quiet)
        {
            story.Head(quiet.First == quiet.Last ? $"{quiet.First} sealed: nothing in it" : $"{quiet.First} to {quiet.Last} sealed: nothing in them", Tone.Dim);
            folded = null;
        }

        TellOpened();
    }

    private void TellOpened()
    {
        if (opened is { } epoch)
        {
            opened = null;
            story.Head($"EPOCH OPENED: {epoch}", Tone.Strong);
        }
    }
}
