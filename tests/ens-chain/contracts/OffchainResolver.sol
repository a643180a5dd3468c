// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// Its answers lie outside the chain (EIP-3668); or, as its mode says, it tries what a bad one would.
contract OffchainResolver {
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);

    uint256 immutable mode;
    string url;

    constructor(uint256 mode_, string memory url_) {
        mode = mode_;
        url = url_;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x9061b923 || id == 0x01ffc9a7;
    }

    function resolve(bytes calldata name, bytes calldata call) external view returns (bytes memory) {
        look(abi.encode(name, call));
    }

    /// The gateway answers with what was asked and the answer; a real one would have them signed.
    function answered(bytes calldata response, bytes calldata extraData) external view returns (bytes memory) {
        if (mode == 3) look(extraData);
        (bytes memory asked, bytes memory answer) = abi.decode(response, (bytes, bytes));
        require(keccak256(asked) == keccak256(extraData), "an answer to another question");
        return answer;
    }

    function look(bytes memory question) private view {
        string[] memory urls = new string[](1);
        urls[0] = url;
        revert OffchainLookup(
            mode == 1 ? address(0x1234) : address(this),
            urls,
            question,
            mode == 2 ? bytes4(0xdeadbeef) : this.answered.selector,
            question
        );
    }
}
