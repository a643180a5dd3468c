using System.CommandLine;
using System.CommandLine.Parsing;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Running;

/// <summary>What is wrong with a command line.</summary>
internal static class UsageProblems
{
    private const string Rest = "--";

    /// <summary>How command lines are read: <c>@file</c> is an argument like any other, and no file of more arguments.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>All of it; an option that nobody knows is never taken for a file, nor for another option's value.</summary>
    /// <param name="parsed">What was read.</param>
    /// <param name="args">What was typed.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<string> args)
    {
        var known = Known(parsed.CommandResult).ToList();
        var typed = args.TakeWhile(static arg => arg != Rest).ToHashSet(StringComparer.Ordinal);
        var unknown = parsed.CommandResult.Children
            .OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens.Select(static token => token.Value))
            .Where(static value => value.Length > 1 && value[0] == '-')
            .Concat(parsed.CommandResult.Children.OfType<OptionResult>().SelectMany(static option => option.Tokens.Select(static token => token.Value)).Where(static value => value.StartsWith(Rest, StringComparison.Ordinal)))
            .Concat(parsed.UnmatchedTokens.Where(static value => value.StartsWith('-')))
            .Where(typed.Contains) // "--option=--value" is meant.
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (unknown.Count > 0)
        {
            return [.. unknown.Select(value => $"There is no option {value}.{NearestName.Hint(value, known)}")];
        }

        var commands = parsed.CommandResult.Command.Subcommands.Select(static command => command.Name);
        return [.. parsed.Errors.Select(error => parsed.UnmatchedTokens.FirstOrDefault(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)) is { } token
            ? $"There is no command '{token}' here.{NearestName.Hint(token, commands)}"
            : error.Message).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Known(CommandResult? command)
    {
        for (var recursive = false; command is not null; (command, recursive) = (command.Parent as CommandResult, true))
        {
            foreach (var option in command.Command.Options.Where(option => !recursive || option.Recursive))
            {
                yield return option.Name;
            }
        }
    }
}
