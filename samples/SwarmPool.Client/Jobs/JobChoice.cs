using System.CommandLine;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>Which jobs a command line asks for: those of job files, or one that its options say.</summary>
internal sealed class JobChoice
{
    private const string DefaultType = "image-classification";

    private readonly Argument<string[]> files = new("JOB") { Description = "The job file, e.g. job.json; several are sent at once.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> model = new("--model") { Description = "Without a job file: the model to run, e.g. digits-v1.", HelpName = "MODEL" };
    private readonly Option<string?> input = new("--input") { Description = "Without a job file: the file with the input.", HelpName = "FILE" };
    private readonly Option<string?> amount = new("--amount") { Description = "Without a job file: what to pay when it is done, in USDC, e.g. 0.10.", HelpName = "USDC" };
    private readonly Option<string?> rates = new("--rates") { Description = "Without a job file, with --amount as the most that it may come to: what to pay for what is counted, e.g. output_tokens=0.0002 (docs/prices.md).", HelpName = "RATES" };
    private readonly Option<string?> max = new("--max") { Description = "Without a job file, in place of --amount: the most to pay, at the prices that the pool publishes, e.g. 0.02.", HelpName = "USDC" };
    private readonly Option<string?> type = new("--type") { Description = $"Without a job file: the kind of job. Without it: {DefaultType}.", HelpName = "TYPE" };

    /// <summary>Adds what may be said to a command, and what may not.</summary>
    /// <param name="command">The command.</param>
    /// <param name="output">Takes the output of one job.</param>
    public void AddTo(Command command, Option<string?> output)
    {
        command.Add(files);
        Option<string?>[] said = [model, input, amount, max, rates, type];
        foreach (var option in said)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            var named = result.GetResult(files)?.Tokens.Count ?? 0;
            var given = said.Where(option => result.GetResult(option) is not null).ToList();
            var atMost = given.Contains(max);
            Option<string?>[] needed = [model, input, atMost ? max : amount];
            var missing = needed.Except(given).Select(static option => option.Name).ToList();
            if (named > 0 && given.Count > 0)
            {
                result.AddError("Name job files, or say the job by --model, --input and --amount: not both.");
            }
            else if (named == 0 && missing.Count > 0)
            {
                result.AddError(missing.Count == needed.Length && given.Count == 0 ? "Name a job file, or say the job by --model, --input and --amount." : $"A job without a job file needs {string.Join(" and ", missing)} too.");
            }
            else if (atMost && (given.Contains(amount) || given.Contains(rates)))
            {
                result.AddError("--max takes the place of --amount and --rates: it is so much at most, at the pool's prices.");
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
        var (option, text) = parsed.GetValue(max) is { } most ? ("--max", most) : ("--amount", parsed.GetRequiredValue(amount)!);
        if (!Usdc.TryParse(text, out var price))
        {
            problems.Add(new SwarmPoolException(ErrorCodes.BadAmount, $"{option} {JobPrice.Wrong(text)} 0.10."));
        }

        JobRates? paid = null;
        if (parsed.GetValue(rates) is { } asked && !JobRates.TryParse(asked, out paid, out var problem))
        {
            problems.Add(new SwarmPoolException(ErrorCodes.BadField, $"--rates {problem}."));
        }

        return problems.Count > 0
            ? throw new AggregateException(problems)
            : new ChosenJob(file, context.PathOf(file), new JobSpec
            {
                JobType = parsed.GetValue(type) ?? DefaultType,
                Model = parsed.GetRequiredValue(model)!,
                Input = bytes,
                Amount = price,
                Rates = paid,
                AtPoolPrices = option == "--max",
            });
    }
}

/// <summary>A job that a command line asks for.</summary>
/// <param name="Label">What its user calls it: the file as typed.</param>
/// <param name="Path">The full path of the job file, or of the input of a job without one.</param>
/// <param name="Spec">The job.</param>
internal sealed record ChosenJob(string Label, string Path, JobSpec Spec);
