using System.CommandLine;
using SwarmPool.InferenceLoad;

var pairs = new Option<int>("--pairs") { Description = "Pairs of a bare run and one through the pool, in turns.", DefaultValueFactory = _ => 30 };
var tokens = new Option<int>("--tokens") { Description = "Tokens of an answer.", DefaultValueFactory = _ => 256 };
var textJobs = new Option<int>("--jobs") { Description = "Answers of a run, one after the other bare, so many in flight in the pool as --window says.", DefaultValueFactory = _ => 1 };
var textWindow = new Option<int>("--window") { Description = "Jobs in flight.", DefaultValueFactory = _ => 1 };
var text = new Command("text", "Tokens a second through a pool, beside bare LLamaSharp with the same file and threads.") { pairs, tokens, textJobs, textWindow };
text.SetAction(async p =>
{
    await using var bench = await TextBench.OpenAsync(p.GetRequiredValue(tokens), p.GetRequiredValue(textWindow));
    await Pairs.RunAsync(bench, p.GetRequiredValue(pairs), p.GetRequiredValue(textJobs), p.GetRequiredValue(textWindow), Console.Out);
});

var jobs = new Option<int>("--jobs") { Description = "Runs of a batch.", DefaultValueFactory = _ => 20 };
var window = new Option<int>("--window") { Description = "Jobs in flight.", DefaultValueFactory = _ => 4 };
var layers = new Option<int>("--layers") { Description = "How large the model is.", DefaultValueFactory = _ => 40 };
var onnx = new Command("onnx", "Runs a second through a pool, beside bare ONNX Runtime with the same file, threads and options.") { pairs, jobs, window, layers };
onnx.SetAction(async p =>
{
    await using var bench = await OnnxBench.OpenAsync(p.GetRequiredValue(layers), p.GetRequiredValue(window));
    await Pairs.RunAsync(bench, p.GetRequiredValue(pairs), p.GetRequiredValue(jobs), p.GetRequiredValue(window), Console.Out);
});

return await new RootCommand("Takes inference through a whole pool in this process (daemon, miner, client; journal on disk) and says what is left of its speed.") { text, onnx }.Parse(args).InvokeAsync();
