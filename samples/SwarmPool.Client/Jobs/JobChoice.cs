using System.CommandLine;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Settlement;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>Which jobs a command line asks for: those of job files, or one that its options say.</summary>
internal sealed class JobChoice
{
    private const string DefaultType = "image-classification";

    private readonly Argument<string[]> files = new("JOB") { Description = "The job file, e.g. job.json; several are sent at once.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> model = new("--model") { Description = "Without a job file: the model to run, e.g. digits-v1.", HelpName = "MODEL" };
    private readonly Option<string?> input = new("--input") { Description = "Without a job file: the file with the input.", HelpName = "FILE" };
    private readonly Option<string?> amount = new("--amount") { Description = "Without a job file: what to pay when it is done, in USDC, e.g. 0.10.", HelpName = "USDC" };
    private readonly Option<string?> type = new("--type") { Description = $"Without a job file: the kind of job. Without it: {DefaultType}.", HelpName = "TYPE" };

    private readonly Option<string[]> needs = new("--need") { Description = "Without a job file: what the miner has to have beside the model, e.g. memory=24GiB, device=cuda, context_tokens=8192; may be given several times.", HelpName = "KEY=VALUE" };

    /// <summary>Adds what may be said to a command, and what may not.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">Takes the output of one job.</param>
    public void AddTo(Command command, Option<string?> output)
    {
        command.Add(files);
        Option<string?>[] needed = [model, input, amount];
        foreach (var option in (Option<string?>[])[.. needed, type])
        {
            command.Add(option);
        }

        command.Add(needs);

        command.Validators.Add(result =>
        {
            var named = result.GetResult(files)?.Tokens.Count ?? 0;
            var missing = needed.Where(option => result.GetResult(option) is null).Select(static option => option.Name).ToList();
            if (named > 0 && (missing.Count < needed.Length || result.GetResult(type) is not null || result.GetResult(needs) is not null))
            {
                result.AddError("Name job files, or say the job by --model, --input and --amount: not both.");
            }
            else if (named == 0 && missing.Count > 0)
            {
                result.AddError(missing.Count == needed.Length ? "Name a job file, or say the job by --model, --input and --amount." : $"A job without a job file needs {string.Join(" and ", missing)} too.");
            }

            if (named > 1 && result.GetResult(output) is not null)
            {
                result.AddError("--output takes the output of one job.");
            }
        });
    }

    /// <summary>The jobs, read with their inputs.</summary>
    /// <exception cref="SwarmPoolException">What <see cref="JobFile.Read"/> throws.</exception>
    /// <exception cref="AggregateException">All that is wrong with the job that the options say.</exception>
    public IReadOnlyList<ChosenJob> Read(ProgramContext context, ParseResult parsed) => parsed.GetValue(files) is { Length: > 0 } named
        ? [.. named.Select(file => new ChosenJob(file, context.PathOf(file), JobFile.Read(context.PathOf(file))))]
        : [Said(context, parsed)];

    private ChosenJob Said(ProgramContext context, ParseResult parsed)
    {
        var problems = new List<Exception>();
        var file = parsed.GetRequiredValue(input)!;
        var bytes = InputFile.Read(context.PathOf(file), (code, what) => problems.Add(new SwarmPoolException(code, $"--input {what}.")));
        if (!Usdc.TryParse(parsed.GetRequiredValue(amount)!, out var price))
        {
            problems.Add(new SwarmPoolException(ErrorCodes.BadAmount, $"--amount is '{parsed.GetValue(amount)}'; it has to be USDC as a decimal with at most 6 places and no sign or exponent, like 0.10."));
        }

        var asked = JobNeedsText.Read(parsed.GetValue(needs) ?? [], what => problems.Add(new SwarmPoolException(ErrorCodes.BadField, what)));
        return problems.Count > 0
            ? throw new AggregateException(problems)
            : new ChosenJob(file, context.PathOf(file), new JobSpec { JobType = parsed.GetValue(type) ?? DefaultType, Model = parsed.GetRequiredValue(model)!, Input = bytes, Amount = price, Needs = asked });
    }
}

/// <summary>A job that a command line asks for.</summary>
/// <param name="Label">What its user calls it: the file as typed.</param>
/// <param name="Path">The full path of the job file, or of the input of a job without one.</param>
/// <param name="Spec">The job.</param>
internal sealed record ChosenJob(string Label, string Path, JobSpec Spec);
